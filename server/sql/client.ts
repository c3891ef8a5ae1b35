import pg from 'pg'
import { StepError } from '@/flow/kind'
import type { SqlAnswer, SqlQuery } from '@/nodes/step'
import { createTurnstile, type Turnstile } from '../turnstile'
import { connectionOf, placeOf } from './address'
import { commitUnknown, isConnectionLost, sqlFailure } from './failure'
import { databaseIdentity } from './own-database'
import { readRows } from './rows'

/** Connections to one database from one process. */
const connectionsAtOnce = 5
const idleMs = 30_000
/** The last resort: a step's own time limit cancels its statement earlier, and so does a cancelled run. */
const statementMs = 5 * 60_000

export interface SqlClient {
  /** Runs one statement in a transaction of its own. Throws StepError `sql_…` or `interrupted`, or the abort's reason. */
  query(query: SqlQuery): Promise<SqlAnswer>
  close(): Promise<void>
}

export interface SqlClientOptions {
  /** The database that Millrace itself runs on, which steps may not ask; null allows any. */
  forbidden: pg.Pool | null
}

interface Place {
  config: pg.ClientConfig
  name: string
  pool: pg.Pool
  turnstile: Turnstile
  /** Connections that do not lead to the forbidden database. */
  checked: WeakSet<pg.PoolClient>
}

export function createSqlClient({ forbidden }: SqlClientOptions): SqlClient {
  const places = new Map<string, Place>()
  /** Connections on their way back to their pools. */
  const returning = new Set<Promise<void>>()

  function placeFor(address: string): Place {
    const known = places.get(address)
    if (known) return known
    dropUnused()
    const config = connectionOf(address)
    // The turnstile makes them queue, so that the limit of the connecting does not count the time of waiting.
    const pool = new pg.Pool({ ...config, max: connectionsAtOnce, idleTimeoutMillis: idleMs })
    // Idle connections that are lost: the pool makes new ones.
    pool.on('error', ignore)
    const turnstile = createTurnstile(connectionsAtOnce)
    const place = { config, name: placeOf(config), pool, turnstile, checked: new WeakSet<pg.PoolClient>() }
    places.set(address, place)
    return place
  }

  /** Addresses with secrets in them come and go; a pool without a connection is only memory. */
  function dropUnused(): void {
    for (const [address, { pool }] of places) {
      if (pool.totalCount > 0 || pool.waitingCount > 0 || places.size < 100) continue
      places.delete(address)
      void pool.end()
    }
  }

  async function connect(place: Place): Promise<pg.PoolClient> {
    const client = await place.pool.connect()
    // A connection that breaks also fails what is asked on it, which tells; without a listener it would end the process.
    client.on('error', ignore)
    if (forbidden === null || place.checked.has(client)) return client
    try {
      const [theirs, ours] = await Promise.all([databaseIdentity(client), databaseIdentity(forbidden)])
      if (theirs !== null && theirs === ours) throw ownDatabase()
      place.checked.add(client)
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  /** Gives a connection back with nothing left on it of what the statement set, locked or listens to. */
  function giveBack(client: pg.PoolClient): void {
    const cleaned = client.query('discard all').then(
      () => {
        client.off('error', ignore)
        client.release()
      },
      () => client.release(true),
    )
    returning.add(cleaned)
    void cleaned.finally(() => returning.delete(cleaned))
  }

  return {
    async query(query) {
      const place = placeFor(query.connection)
      const leave = await place.turnstile.pass(query.signal)
      try {
        const client = await connect(place).catch((error: unknown) => {
          throw sqlFailure(error, place.name)
        })
        return await ask(place, client, query, giveBack)
      } finally {
        leave()
      }
    },
    async close() {
      await Promise.all(returning)
      await Promise.all([...places.values()].map(({ pool }) => pool.end()))
      places.clear()
    },
  }
}

const ignore = () => undefined

/** Asks on a connection, and gives it back or ends it. */
async function ask(
  place: Place,
  client: pg.PoolClient,
  query: SqlQuery,
  giveBack: (client: pg.PoolClient) => void,
): Promise<SqlAnswer> {
  let isEnded = false
  const end = () => {
    if (!isEnded) client.release(true)
    isEnded = true
  }
  const stop = () => void cancel(place, client).finally(end)
  query.signal.addEventListener('abort', stop, { once: true })
  let isCommitting = false
  try {
    query.signal.throwIfAborted()
    await client.query(opening(query.readOnly))
    const answer = await readRows(client, query)
    isCommitting = !query.readOnly
    await client.query(query.readOnly ? 'rollback' : 'commit')
    query.signal.throwIfAborted()
    if (!isEnded) giveBack(client)
    isEnded = true
    return answer
  } catch (error) {
    if (query.signal.aborted) throw query.signal.reason
    end()
    if (isCommitting && isConnectionLost(error)) throw commitUnknown(place.name, error)
    throw sqlFailure(error, place.name)
  } finally {
    query.signal.removeEventListener('abort', stop)
  }
}

/**
 * The read at its end fixes the transaction's mode: PostgreSQL lets nobody, a function included, make a transaction writing
 * that has read something.
 */
function opening(readOnly: boolean): string {
  return [
    readOnly ? 'begin read only' : 'begin',
    `set local statement_timeout = ${statementMs}`,
    "set local intervalstyle = 'iso_8601'",
    "set local datestyle = 'ISO'",
    "set local timezone = 'UTC'",
    "set local bytea_output = 'hex'",
    'select 1',
  ].join('; ')
}

/** Ends what the server does for a connection; ending the connection alone would let it work on. */
async function cancel({ config }: Place, client: pg.PoolClient): Promise<void> {
  const canceller = new pg.Client(config)
  canceller.on('error', ignore)
  try {
    await canceller.connect()
    await canceller.query('select pg_cancel_backend($1)', [processOf(client)])
  } catch {
    // The server cannot be reached: then the statement has no connection either, and its own time limit ends it.
  } finally {
    await canceller.end().catch(ignore)
  }
}

/** The number of the server's process behind a connection; the driver keeps it, its types do not tell. */
function processOf(client: pg.PoolClient): number | null {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : null
}

function ownDatabase(): StepError {
  return new StepError(
    'sql_own_database',
    'This is the database that Millrace itself runs on, which flows may not touch. Whoever runs Millrace can allow it with MILLRACE_SQL_OWN_DATABASE=allow.',
    { retryable: false },
  )
}
