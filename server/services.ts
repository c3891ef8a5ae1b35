import type pg from 'pg'
import type { Database } from '@/db/client'
import { StepError } from '@/flow/kind'
import type { LentServices } from '@/nodes/step'
import { readHistory } from './conversations/history'
import { flowTool } from './flows/flow-tool'
import { everywhere, parseAllowList } from './http-client/allow-list'
import { createHttpClient, type HttpClient } from './http-client/client'
import { knowledgeOf } from './knowledge/search'
import { createMailClient } from './mail/client'
import { createMcpClient } from './mcp/client'
import { findMcpServer } from './mcp/servers'
import { createModels, type ModelEnv, type Models } from './models/models'
import { createSandboxPool } from './sandbox/pool'
import type { Secrets } from './secrets'
import { createSqlClient } from './sql/client'

/** What the services need of the environment. */
export interface ServicesEnv extends ModelEnv {
  /** Private hosts that flows may reach. */
  MILLRACE_HTTP_ALLOW?: string
  /** The mail server. */
  SMTP_URL?: string
  /** Flows may ask the database that Millrace runs on. */
  MILLRACE_SQL_OWN_DATABASE?: 'allow'
}

/** Gives each workspace's steps what the server lends them. */
export interface ServicesSource {
  (workspaceId: string): LentServices
  models: Models
  /** A WebSocket by the rules against private addresses. */
  socket: HttpClient['socket']
  close(): Promise<void>
}

/** What workspaces keep in the database is not there without one. */
const notStored = (what: string) => () =>
  Promise.reject(new StepError('not_available', `There are no ${what} here: this runs without a database.`))

/** Of what a server of tools answers. */
const toolAnswerBytes = 8 * 1024 * 1024

/** A stream says every word in an envelope. A question that is put twice changes nothing. */
const modelCalls = { maxBytes: 64 * 1024 * 1024, isRepeatable: true }

/** Throws a RangeError when MILLRACE_HTTP_ALLOW cannot be read. */
export function createServices({
  env,
  ownDatabase = null,
  stored,
}: {
  env: ServicesEnv
  /** What Millrace itself runs on. */
  ownDatabase?: pg.Pool | null
  /** What the workspaces keep; without it no workspace has anything. */
  stored?: { db: Database; secrets: Secrets }
}): ServicesSource {
  const http = createHttpClient(parseAllowList(env.MILLRACE_HTTP_ALLOW ?? ''))
  const trusted = createHttpClient(everywhere)
  const sandbox = createSandboxPool()
  const sql = createSqlClient({
    forbidden: env.MILLRACE_SQL_OWN_DATABASE === 'allow' ? null : ownDatabase,
  })
  const mail = createMailClient(env.SMTP_URL)
  const mcp = createMcpClient(http.fetch({ maxBytes: toolAnswerBytes }))
  const models = createModels({
    ...{ env, stored },
    fetch: http.fetch(modelCalls),
    serverFetch: trusted.fetch(modelCalls),
  })
  const services: Omit<LentServices, 'model'> = {
    http: (request) => http.request(request),
    code: (program) => sandbox.run(program),
    sql: (query) => sql.query(query),
    mail: (message) => mail.send(message),
    knowledge: notStored('knowledge'),
    flowTool: notStored('flows as tools'),
    mcp: { tools: notStored('MCP servers'), call: notStored('MCP servers') },
    messages: notStored('conversations'),
  }
  function ofWorkspace(workspaceId: string): LentServices {
    const model: LentServices['model'] = (name) => models.find(workspaceId, name)
    if (!stored) return { ...services, model }
    const { db, secrets } = stored
    const server = (name: string) => findMcpServer(db, secrets, workspaceId, name)
    return {
      ...services,
      model,
      knowledge: (query) => knowledgeOf({ db, models }, workspaceId, query),
      flowTool: (flow) => flowTool(db, workspaceId, flow),
      messages: (thread, limit) => readHistory(db, workspaceId, thread, limit),
      mcp: {
        tools: async (name, signal) => mcp.tools(await server(name), signal),
        call: async (name, tool, args, signal, key) => mcp.call(await server(name), tool, args, signal, key),
      },
    }
  }

  return Object.assign(ofWorkspace, {
    models,
    socket: http.socket,
    async close() {
      await mcp.close()
      await Promise.all([http.close(), trusted.close(), sandbox.close(), sql.close()])
    },
  })
}
