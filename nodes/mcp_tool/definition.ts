import { z } from 'zod'
import { values } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  server: z.string().max(2_000).min(1, 'Choose the server, or write its address.').meta({
    label: 'Server',
    help: 'By its name under Settings → MCP servers, or the address of one that needs no sign-in.',
    example: 'crm',
    control: 'mcp-server',
  }),
  tool: z.string().max(200).min(1, 'Name the tool to call.').meta({
    label: 'Tool',
    help: 'As the server calls it; Settings → MCP servers lists them.',
    example: 'find_customer',
  }),
  arguments: values({
    label: 'Arguments',
    help: 'What the tool takes, by name. Without them: what came in, if that is an object.',
    example: '${input.name}',
  }).optional(),
  idempotent: z.boolean().optional().meta({
    label: 'Safe to call twice',
    help: 'The tool only reads, or a second call changes nothing more: after a crash it is called again by itself.',
    advanced: true,
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'mcp_tool',
  title: 'MCP tool',
  category: 'action',
  icon: 'plug',
  description: 'Calls a tool of a server that speaks the Model Context Protocol and yields its result.',
  keywords: ['mcp', 'model context protocol', 'tool', 'server', 'integration', 'plugin'],
  config,
  defaults: { server: '', tool: '' },
  ports: () => [donePort],
  summary: (config) => [oneLine(config.server), oneLine(config.tool)].filter(Boolean).join(' · '),
  effect: (config) => (config.idempotent === true ? 'idempotent' : 'once'),
  check: (config, node) =>
    /^https?:\/\/[^/]*@/i.test(config.server)
      ? [
          {
            code: 'secret_in_flow',
            severity: 'error',
            node: node.id,
            path: ['server'],
            message:
              'This address holds a password, which everyone who sees the flow could read. Add the server under Settings → MCP servers with a header, and write its name here.',
          },
        ]
      : [],
})
