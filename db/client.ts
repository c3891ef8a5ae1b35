import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import * as answerLinks from './schema/answer-links'
import * as assistants from './schema/assistants'
import * as auth from './schema/auth'
import * as conversations from './schema/conversations'
import * as embeddings from './schema/embeddings'
import * as flows from './schema/flows'
import * as knowledge from './schema/knowledge'
import * as mcp from './schema/mcp'
import * as models from './schema/models'
import * as runs from './schema/runs'

const schema = {
  ...answerLinks,
  ...assistants,
  ...auth,
  ...conversations,
  ...embeddings,
  ...flows,
  ...runs,
  ...knowledge,
  ...mcp,
  ...models,
}

export interface Database {
  /** For those that need a connection of their own (LISTEN, advisory locks). */
  url: string
  pool: pg.Pool
  drizzle: NodePgDatabase<typeof schema>
}

export interface DatabaseOptions {
  /** Connections at most. */
  size?: number
  /** Told of errors on idle connections; the pool replaces those by itself. */
  onError?: (error: Error) => void
}

/** Opens a pool; connects at the first query. End it with `db.pool.end()`. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    application_name: 'millrace',
  })
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error))
  // A connection lost while it is lent out tells its user through the query; its event alone must not be fatal.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return { url, pool, drizzle: drizzle(pool, { schema }) }
}

/** What can run a query: the database, or a transaction on it. */
export type Executor = Pick<
  NodePgDatabase<typeof schema>,
  'select' | 'insert' | 'update' | 'delete' | 'execute'
>
