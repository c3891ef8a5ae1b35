import type { Hono } from 'hono'
import { pino } from 'pino'
import { openDatabase } from '@/db/client'
import { createOwner } from '@/db/users'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import type { FlowDocumentInput } from '@/flow/document'
import type { App } from '../app'
import { createAuth } from '../auth/auth'
import { Authenticator } from '../auth/authenticate'
import { hashPassword } from '../auth/password'
import { parseEnv, publicUrl } from '../env'
import { createHttpApp } from '../http/app'
import { createBridges } from '../assistants/bridge/bridges'
import { createConversations } from '../conversations/conversations'
import { createEmbeddings } from '../knowledge/embedder'
import { createRuntime } from '../runtime/runtime'
import { createSecrets } from '../secrets'
import { createServices } from '../services'

export const password = 'correct horse battery'

/** A person with a workspace of their own, and how their programs sign in. */
export interface Tenant {
  userId: string
  workspaceId: string
  email: string
  /** With an API key. */
  headers: Record<string, string>
}

export interface TestApp {
  app: App
  http: Hono
  database: TestDatabase
  /** Signs nobody in. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** JSON as a tenant; `body` makes it a POST unless a method is given. */
  call(
    tenant: Tenant,
    path: string,
    init?: { method?: string; body?: unknown; headers?: object },
  ): Promise<Response>
  addTenant(name: string): Promise<Tenant>
  /** Imports and, when asked, publishes. */
  addFlow(tenant: Tenant, document: FlowDocumentInput, publish?: 'publish'): Promise<void>
  close(): Promise<void>
}

const secret = 'a secret of tests, long enough to be one'

/** The real server but for its socket, on a database of its own. */
export async function testApp(
  variables: Record<string, string> = {},
  /** Leads to the database by another address, such as a proxy's. */
  through?: (url: string) => Promise<string>,
): Promise<TestApp> {
  const database = await testDatabase()
  const db = through ? openDatabase(await through(database.url)) : database.db
  const env = parseEnv({ MILLRACE_DATA: '.millrace/test', LOG_LEVEL: 'silent', ...variables })
  const log = pino({ level: env.LOG_LEVEL ?? 'silent' })
  const secrets = createSecrets(db, secret)
  const auth = createAuth({ db, env, secret, log })
  const services = createServices({ env, ownDatabase: db.pool, stored: { db, secrets } })
  const runtime = await createRuntime({
    db,
    services,
    log,
    role: 'all',
    secret: secrets.read,
    publicUrl: publicUrl(env),
  })
  const authenticator = new Authenticator({ db, auth })
  const conversations = createConversations({ db, runtime, log, keepMs: 30 * 24 * 3_600_000 })
  const embeddings = createEmbeddings({ db, models: services.models, log, role: 'all' })
  const app: App = {
    env,
    log,
    db,
    auth,
    authenticator,
    secrets,
    runtime,
    conversations,
    embeddings,
    bridges: createBridges(),
    services,
    version: '0.0.0',
  }
  const http = createHttpApp(app)

  const fetch: TestApp['fetch'] = async (path, init) => http.request(path, init)
  const call: TestApp['call'] = (tenant, path, { method, body, headers } = {}) =>
    fetch(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json', ...tenant.headers, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })

  return {
    app,
    http,
    database,
    fetch,
    call,
    async addTenant(name) {
      const email = `${name}@example.com`
      const passwordHash = await hashPassword(password)
      const made = await createOwner(db, { name, email, passwordHash, workspace: `${name}'s` })
      const { key } = await auth.api.createApiKey({ body: { name: 'tests', userId: made.userId } })
      return { ...made, email, headers: { authorization: `Bearer ${key}` } }
    },
    async addFlow(tenant, document, publish) {
      const created = await call(tenant, '/api/v1/flows', { body: document })
      if (created.status !== 201) throw new Error(await created.text())
      if (!publish) return
      const published = await call(tenant, `/api/v1/flows/${document.id}/publish`, { method: 'POST' })
      if (published.status !== 200) throw new Error(await published.text())
    },
    async close() {
      app.bridges.stop()
      await conversations.stop()
      await embeddings.stop()
      await runtime.stop()
      await services.close()
      if (db !== database.db) await db.pool.end()
      await database.drop()
    },
  }
}
