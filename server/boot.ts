import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { openDatabase } from '@/db/client'
import { findOrStartPostgres } from '@/db/embedded'
import { migrateDatabase } from '@/db/migrate'
import { Authenticator } from './auth/authenticate'
import { createAuth } from './auth/auth'
import { loadSecret } from './auth/secret'
import { setUpFrom } from './auth/setup'
import type { App } from './app'
import { publicUrl, type Env } from './env'
import { createHttpApp } from './http/app'
import { openFront } from './http/front'
import { loadPages } from './http/pages'
import type { Logger } from './log'
import { rootFolder } from './root'
import { createBridges } from './assistants/bridge/bridges'
import { createConversations } from './conversations/conversations'
import { createEmbeddings } from './knowledge/embedder'
import { createRuntime } from './runtime/runtime'
import { createSecrets } from './secrets'
import { createServices } from './services'

/** How long conversations are kept that nobody goes on with, when nobody said: 30 days. */
const keepThreadsMs = 30 * 24 * 3_600_000

/** One running process of Millrace. */
export interface Process {
  /** Null for a worker without a port. */
  port: number | null
  /** Takes nothing new, lets what is in flight end or hands it back, and closes everything. */
  stop(): Promise<void>
}

/**
 * Starts everything in the order in which it is needed; what takes long (Next) is begun first and awaited last.
 * Throws PortTakenError, PostgresError, and what Postgres says when it cannot be reached or migrated.
 */
export async function boot(given: Env, log: Logger): Promise<Process> {
  const isWorker = given.MILLRACE_ROLE === 'worker'
  const front = isWorker && given.PORT === undefined ? null : await openFront(given.PORT ?? 3000)
  const env = { ...given, PORT: front?.port ?? given.PORT }
  const pagesLoading =
    front && !isWorker
      ? loadPages({ isDevelopment: env.MILLRACE_DEV !== undefined, server: front.server, port: front.port })
      : Promise.resolve(null)
  // Awaited below; a failure before that must not count as unhandled.
  pagesLoading.catch(() => undefined)

  const dataDir = resolve(env.MILLRACE_DATA)
  const postgres = env.DATABASE_URL
    ? null
    : await findOrStartPostgres({ dataDir, log: (text) => log.warn(text) })
  const url = env.DATABASE_URL ?? postgres?.url ?? ''
  await migrateDatabase(url)
  const db = openDatabase(url, {
    onError: (error) => log.debug({ err: error }, 'A database connection was lost'),
  })

  const secret = await loadSecret(env)
  const secrets = createSecrets(db, secret)
  const services = createServices({ env, ownDatabase: db.pool, stored: { db, secrets } })
  const runtime = await createRuntime({
    db,
    services,
    log,
    role: env.MILLRACE_ROLE,
    secret: secrets.read,
    publicUrl: publicUrl(env),
    keepEventsMs: env.MILLRACE_KEEP_EVENTS,
    retention: { olderThanMs: env.MILLRACE_KEEP_RUNS, keepPerFlow: env.MILLRACE_KEEP_RUNS_PER_FLOW },
  })
  const auth = createAuth({ db, env, secret, log })
  const authenticator = new Authenticator({ db, auth })
  const conversations = createConversations({
    db,
    runtime,
    log,
    keepMs: env.MILLRACE_KEEP_THREADS ?? keepThreadsMs,
  })
  const embeddings = createEmbeddings({ db, models: services.models, log, role: env.MILLRACE_ROLE })
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
    version: await readVersion(),
  }
  if (env.MILLRACE_SETUP && (await setUpFrom(db, env.MILLRACE_SETUP))) {
    log.debug('The owner was made from MILLRACE_SETUP')
  }
  const pages = await pagesLoading
  front?.serve({ app, http: createHttpApp(app), pages })

  return {
    port: front?.port ?? null,
    async stop() {
      const closed = front?.close()
      app.bridges.stop()
      await conversations.stop()
      await embeddings.stop()
      await runtime.stop()
      await services.close()
      await closed
      await pages?.close()
      await db.pool.end()
      await postgres?.stop()
    },
  }
}

async function readVersion(): Promise<string> {
  const manifest = z.object({ version: z.string() })
  return manifest.parse(JSON.parse(await readFile(join(rootFolder, 'package.json'), 'utf8'))).version
}
