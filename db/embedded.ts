import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, prepareBinaries } from './embedded/binaries'
import { initialise, isInitialised, passwordOf, role } from './embedded/cluster'
import { findHome, type Home } from './embedded/home'
import { PostgresError } from './embedded/postgres-error'
import {
  clearStaleLock,
  logTail,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
} from './embedded/postmaster'

export { PostgresError } from './embedded/postgres-error'

const database = 'millrace'
const startLimitMs = 60_000
const pollMs = 20
/** Any number that nothing else locks in the `postgres` database of the cluster. */
const usersLock = 7_301_955

export interface EmbeddedPostgres {
  /** Connection string of the `millrace` database; stays the same until `stop`. */
  url: string
  /** False when a running server was found: another process's, or one that outlived a kill -9. */
  started: boolean
  /** Lets go of the server, and ends it unless another process of the same data directory uses it. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** The server's files go to `<dataDir>/postgres`. */
  dataDir: string
  /** False trades safety from power loss for speed: for tests. */
  durable?: boolean
  /** Told one sentence when the server went away and is being brought back. */
  log?: (message: string) => void
}

/**
 * A real PostgreSQL without installing one: finds the server of `dataDir` if it runs, else starts it, making its cluster first
 * when there is none. While held, a server that dies is started again on the same port.
 *
 * Who uses it is told by the server itself: each holder keeps a connection with a shared advisory lock, which a kill -9
 * releases. The last one to stop gets the lock alone, and with it the right to end the server; a newcomer waits behind
 * that lock, loses its connection to the shutdown, and starts the server anew.
 * @throws PostgresError
 */
export async function findOrStartPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = await findHome(options.dataDir)
  const server: Server = { home, durable: options.durable ?? true, binaries: null }
  const { port, started, ...first } = await hold(server, null)
  let holder = first.holder
  let stopping = false
  let returning: Promise<void> | null = null

  const watch = (client: pg.Client) => {
    client.once('end', () => {
      if (stopping) return
      options.log?.('PostgreSQL went away: bringing it back')
      returning = bringBack()
    })
  }
  const bringBack = async () => {
    while (!stopping) {
      try {
        holder = (await hold(server, port)).holder
        watch(holder)
        options.log?.('PostgreSQL is back')
        return
      } catch (error) {
        options.log?.(`PostgreSQL is still away: ${error instanceof Error ? error.message : String(error)}`)
        await delay(1000)
      }
    }
  }
  watch(holder)

  const url = `postgres://${role}:${await passwordOf(home)}@127.0.0.1:${port}/${database}`
  return {
    url,
    started,
    async stop() {
      if (stopping) return
      stopping = true
      await returning
      if (await isLastHolder(holder)) await stopPostmaster(home, await binariesOf(server))
      await holder.end().catch(() => undefined)
    },
  }
}

interface Server {
  home: Home
  durable: boolean
  /** Looked up only when something must be run: finding a running server needs no programs. */
  binaries: Binaries | null
}

const binariesOf = async (server: Server) =>
  (server.binaries ??= await prepareBinaries(server.home.directory, server.home.account))

interface Hold {
  holder: pg.Client
  port: number
  started: boolean
}

/** Finds or starts the server and takes the shared lock; `fixedPort` when an address was already given out. */
async function hold(server: Server, fixedPort: number | null): Promise<Hold> {
  const { home } = server
  const deadlineAt = performance.now() + startLimitMs
  let child: { hasEnded: () => boolean } | null = null
  let failures = 0
  let lastError: unknown = null

  while (performance.now() < deadlineAt) {
    const running = await runningPostmaster(home)
    if (running?.port) {
      const attempt = await connect(home, running.port)
      if ('holder' in attempt) {
        await writeFile(portFile(home), String(running.port))
        return { holder: attempt.holder, port: running.port, started: child !== null && !child.hasEnded() }
      }
      lastError = attempt.error
    } else if (!running && (child === null || child.hasEnded())) {
      if (child !== null && ++failures === 4) break
      // The first attempt may leave a foreign lock file in place: only PostgreSQL's refusal shows that it matters.
      if (child !== null) await clearStaleLock(home)
      if (!(await isInitialised(home))) await initialise(home, await binariesOf(server), server.durable)
      const port = fixedPort ?? (await choosePort(home))
      child = await startPostmaster({
        home,
        binaries: await binariesOf(server),
        port,
        durable: server.durable,
      })
    }
    await delay(pollMs)
  }
  throw new PostgresError(
    'postgres_failed',
    `PostgreSQL did not start; its log ${home.log} ends with: ${await logTail(home)}`,
    { cause: lastError },
  )
}

type Attempt = { holder: pg.Client } | { error: unknown }

/** Connects, makes the database when it is not there, and joins the holders. Fails while the server comes up or goes down. */
async function connect(home: Home, port: number): Promise<Attempt> {
  const holder = new pg.Client({
    host: '127.0.0.1',
    port,
    user: role,
    password: await passwordOf(home),
    database: 'postgres',
    application_name: 'millrace holder',
    keepAlive: true,
  })
  // The connection ends with the server, which `end` tells; without a listener the error would end the process.
  holder.on('error', () => undefined)
  try {
    await holder.connect()
    await holder.query('select pg_advisory_lock_shared($1)', [usersLock])
    const known = await holder.query('select 1 from pg_database where datname = $1', [database])
    if (known.rowCount === 0) await createDatabase(holder)
    return { holder }
  } catch (error) {
    await holder.end().catch(() => undefined)
    if (error instanceof pg.DatabaseError && error.code === '28P01') {
      throw new PostgresError(
        'postgres_failed',
        `PostgreSQL on port ${port} does not know the password in ${home.data}: end the server that runs on that folder and start again.`,
        { cause: error },
      )
    }
    return { error }
  }
}

async function createDatabase(holder: pg.Client): Promise<void> {
  try {
    await holder.query(`create database ${database}`)
  } catch (error) {
    // Another process made it at the same moment.
    if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')))
      throw error
  }
}

async function isLastHolder(holder: pg.Client): Promise<boolean> {
  try {
    await holder.query('select pg_advisory_unlock_shared($1)', [usersLock])
    const { rows } = await holder.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
      usersLock,
    ])
    return rows[0]?.alone === true
  } catch {
    return false
  }
}

const portFile = (home: Home) => path.join(home.directory, 'port')

/** The port of the last time while it is free, so that addresses noted elsewhere stay true; else any free one. */
async function choosePort(home: Home): Promise<number> {
  const remembered = Number(await readFile(portFile(home), 'utf8').catch(() => '0'))
  return (await freePort(remembered)) ?? (await freePort(0)) ?? 0
}

function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null))
    })
  })
}
