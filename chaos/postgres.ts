import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { environment, prepareBinaries } from '@/db/embedded/binaries'
import { initialise, isInitialised, passwordOf, role } from '@/db/embedded/cluster'
import { findHome } from '@/db/embedded/home'
import { migrateDatabase } from '@/db/migrate'

/** A PostgreSQL of our own that is flushed to disk as in earnest, to be ended and filled up at will. */
export interface OwnPostgres {
  /** Where its files are. */
  folder: string
  /** Of a database in it that others can be made beside; `host` for those who do not live on 127.0.0.1. */
  urlOf(database: string, host?: string): string
  start(): Promise<void>
  /** It ends by itself when it cannot write its log, and whoever looks after it starts it again. */
  startIfEnded(): Promise<void>
  /** `pg_ctl stop -m immediate`: nothing is finished, the next start recovers from the log. */
  stopAtOnce(): Promise<void>
  /** An empty, migrated database; gives its address. */
  makeDatabase(): Promise<string>
  dropDatabase(url: string): Promise<void>
  close(): Promise<void>
}

const startLimitMs = 60_000

export async function openPostgres(
  options: { dataDir?: string; listen?: string[]; settings?: Record<string, string> } = {},
): Promise<OwnPostgres> {
  const dataDir = options.dataDir ?? fileURLToPath(new URL('../.millrace/chaos', import.meta.url))
  const home = await findHome(dataDir)
  const binaries = await prepareBinaries(home.directory, home.account)
  if (!(await isInitialised(home))) {
    await initialise(home, binaries, true)
    // From the namespaces that faults/hosts.ts makes.
    await appendFile(path.join(home.data, 'pg_hba.conf'), 'host all all 10.213.77.0/24 scram-sha-256\n')
  }
  const password = await passwordOf(home)
  const port = await freePort()
  const urlOf = (database: string, host = '127.0.0.1') =>
    `postgres://${role}:${password}@${host}:${port}/${database}`
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    await endLeftOver(path.join(home.data, 'postmaster.pid'), home.data)
    const settings = {
      listen_addresses: ['127.0.0.1', ...(options.listen ?? [])].join(','),
      unix_socket_directories: '',
      port: String(port),
      max_connections: '200',
      shared_buffers: '128MB',
      jit: 'off',
      timezone: 'UTC',
      ...options.settings,
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    child = spawn(binaries.postgres, ['-D', home.data, ...flags], {
      ...home.account,
      cwd: home.directory,
      env: environment,
      stdio: 'ignore',
    })
    for (const endsAt = performance.now() + startLimitMs; ; await delay(20)) {
      if (await answers(urlOf('postgres'))) return
      if (performance.now() > endsAt || child.exitCode !== null) {
        throw new Error(`PostgreSQL in ${home.data} did not start.`)
      }
    }
  }

  async function end(signal: 'SIGQUIT' | 'SIGINT'): Promise<void> {
    const ending = child
    child = null
    if (!ending || ending.exitCode !== null) return
    ending.kill(signal)
    await once(ending, 'exit')
  }

  await start()
  return {
    folder: home.data,
    urlOf,
    start,
    startIfEnded: async () => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) await start()
    },
    stopAtOnce: () => end('SIGQUIT'),
    async makeDatabase() {
      const name = `chaos_${randomBytes(6).toString('hex')}`
      await asAdmin(urlOf('postgres'), `create database ${name}`)
      await migrateDatabase(urlOf(name))
      return urlOf(name)
    },
    dropDatabase: (url) =>
      asAdmin(urlOf('postgres'), `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`),
    close: () => end('SIGINT'),
  }
}

/** A server that an interrupted run of these faults left behind. */
async function endLeftOver(lockFile: string, data: string): Promise<void> {
  const pid = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!(pid > 1)) return
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (!command.includes(data)) return rm(lockFile, { force: true })
  process.kill(pid, 'SIGQUIT')
  while ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '') await delay(20)
}

async function answers(url: string): Promise<boolean> {
  return asAdmin(url, 'select 1').then(
    () => true,
    () => false,
  )
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
