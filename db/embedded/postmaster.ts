import { execFile, spawn } from 'node:child_process'
import { open, readFile, stat, truncate, unlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Binaries, environment } from './binaries'
import { type Home } from './home'

const run = promisify(execFile)
const pollMs = 20
const stopLimitMs = 30_000
const logLimitBytes = 10_000_000

/** A running PostgreSQL as its lock file tells of it; `port` is null for the instant before it is known. */
export interface Postmaster {
  pid: number
  port: number | null
}

/** The PostgreSQL that runs on `home.data`, whoever started it, or null. A lock file left by a dead one counts as none. */
export async function runningPostmaster(home: Home): Promise<Postmaster | null> {
  const lines = (await readLockFile(home))?.split('\n')
  if (!lines) return null
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgresOn(home.data, pid))) return null
  const port = Number(lines[3])
  return { pid, port: port > 0 ? port : null }
}

const lockFile = (home: Home) => path.join(home.data, 'postmaster.pid')
const readLockFile = (home: Home) => readFile(lockFile(home), 'utf8').catch(() => null)

/**
 * Removes the lock file of a PostgreSQL that is surely gone. PostgreSQL sees to that itself, unless the process id has gone to
 * another process of the same user, which is usual after a container was restarted.
 */
export async function clearStaleLock(home: Home): Promise<void> {
  const before = await readLockFile(home)
  if (before === null || (await runningPostmaster(home))) return
  if ((await readLockFile(home)) === before) await unlink(lockFile(home)).catch(() => undefined)
}

/** Process ids are re-used, so the process itself is asked whether it is PostgreSQL, and on this data. */
async function isPostgresOn(data: string, pid: number): Promise<boolean> {
  const command = await commandLine(pid)
  if (command === null) return false
  if (command === 'unknown') return true
  return command.includes('postgres') && command.includes(data)
}

/** The command line of a live process; null for none and for a zombie; 'unknown' where the system does not tell. */
async function commandLine(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return text === '' ? null : text.replaceAll('\0', ' ')
  }
  if (process.platform !== 'win32') {
    const listed = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null)
    return listed?.stdout.trim() || null
  }
  try {
    process.kill(pid, 0)
    return 'unknown'
  } catch {
    return null
  }
}

/** Settings for many short transactions of few connections on a machine that is shared with the application. */
function settings(port: number, durable: boolean): string[] {
  const memoryBytes = Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity)
  const buffersMb = Math.max(32, Math.min(256, Math.floor(memoryBytes / 8 / 1024 / 1024)))
  const values: Record<string, string | number> = {
    cluster_name: 'millrace',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port,
    max_connections: 200,
    shared_buffers: `${buffersMb}MB`,
    random_page_cost: 1.1,
    jit: 'off',
    // Parallel queries take memory in /dev/shm, of which containers have 64 MB.
    max_parallel_workers_per_gather: 0,
    max_logical_replication_workers: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * Starts PostgreSQL in a session of its own, so that neither a kill -9 of this process nor Ctrl-C in its terminal ends it.
 * @returns resolves to false as soon as it has ended; it is ready when it accepts a connection.
 */
export async function startPostmaster(options: {
  home: Home
  binaries: Binaries
  port: number
  durable: boolean
}): Promise<{ hasEnded: () => boolean }> {
  const { home, binaries, port, durable } = options
  const size = await stat(home.log).then(
    (file) => file.size,
    () => 0,
  )
  if (size > logLimitBytes) await truncate(home.log)
  const log = await open(home.log, 'a', 0o600)
  try {
    const child = spawn(binaries.postgres, ['-D', home.data, ...settings(port, durable)], {
      ...home.account,
      cwd: home.directory,
      env: environment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    })
    let ended = false
    child.once('exit', () => (ended = true))
    child.once('error', () => (ended = true))
    child.unref()
    return { hasEnded: () => ended }
  } finally {
    await log.close()
  }
}

/**
 * Ends PostgreSQL: open transactions roll back, everything committed is on disk. Waits until it is gone.
 * Not by `pg_ctl stop`, which waits on the lock file and so takes a server that another process has just started for the old one.
 */
export async function stopPostmaster(home: Home, binaries: Binaries): Promise<void> {
  const running = await runningPostmaster(home)
  if (!running) return
  for (const signal of ['INT', 'QUIT']) {
    await run(binaries.pgCtl, ['kill', signal, String(running.pid)], {
      ...home.account,
      cwd: home.directory,
      env: environment,
    }).catch(() => undefined)
    const deadlineAt = performance.now() + stopLimitMs
    while (performance.now() < deadlineAt) {
      if (!(await isPostgresOn(home.data, running.pid))) return
      await delay(pollMs)
    }
  }
}

/** The last lines that PostgreSQL wrote, for messages about a start that failed. */
export async function logTail(home: Home): Promise<string> {
  const text = await readFile(home.log, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-4).join(' | ')
}
