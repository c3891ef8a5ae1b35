import type { Services } from '../step'

function absent(name: string) {
  return () => Promise.reject(new Error(`Nothing lends ${name} here.`))
}

/** Services that lend nothing: put those that are needed in their place. */
export const absentServices: Services = {
  model: absent('a model'),
  http: absent('http'),
  code: absent('a sandbox'),
  sql: absent('a database'),
  mail: absent('a mail server'),
  sendEvent: absent('events'),
  knowledge: absent('knowledge'),
  flowTool: absent('flows'),
  mcp: { tools: absent('MCP servers'), call: absent('MCP servers') },
  messages: absent('conversations'),
}
