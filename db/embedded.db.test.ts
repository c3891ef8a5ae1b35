import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EmbeddedPostgres, findOrStartPostgres } from './embedded'
import { linkLibraries } from './embedded/binaries'

const root = fileURLToPath(new URL('..', import.meta.url))
const isRoot = process.getuid?.() === 0

let parent: string
let dataDir: string
const held: EmbeddedPostgres[] = []
const children: ChildProcess[] = []

beforeEach(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'millrace-embedded-'))
  await chmod(parent, 0o755)
  dataDir = path.join(parent, 'data')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of held.splice(0)) await server.stop()
  const elsewhere = await readFile(path.join(dataDir, 'postgres/elsewhere'), 'utf8').catch(() => null)
  if (elsewhere) await rm(elsewhere.trim(), { recursive: true })
  await rm(parent, { recursive: true })
})

async function open(): Promise<EmbeddedPostgres> {
  const server = await findOrStartPostgres({ dataDir, durable: false })
  held.push(server)
  return server
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Another process that holds the server, as the application does; resolves with the address it got. */
async function otherProcess(): Promise<{ url: string; child: ChildProcess }> {
  const program = `
    import { findOrStartPostgres } from './db/embedded.ts'
    const server = await findOrStartPostgres({ dataDir: process.argv[1], durable: false })
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)))
    console.log(server.url)
  `
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program, '--', dataDir],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(child)
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { url, child }
}

const postmasterPid = async () =>
  Number((await readFile(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0])

describe('findOrStartPostgres', () => {
  it('makes a UTF-8 cluster of PostgreSQL 18 that only a password opens', async () => {
    const { url, started } = await open()
    expect(started).toBe(true)
    expect(await ask(url, 'show server_version_num')).toMatchObject([
      { server_version_num: expect.stringMatching(/^18/) },
    ])
    expect(await ask(url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
    const wrong = new URL(url)
    wrong.password = 'guessed'
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    const stored = await stat(path.join(dataDir, 'postgres/data/millrace-password'))
    expect(stored.mode & 0o777).toBe(0o600)
  })

  it('commits durably unless told otherwise', async () => {
    const server = await findOrStartPostgres({ dataDir })
    held.push(server)
    expect(
      await ask(
        server.url,
        "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit') order by 1",
      ),
    ).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
  })

  it('keeps data, port and password from one start to the next', async () => {
    const first = await open()
    await ask(first.url, 'create table kept as select 7 as n')
    await first.stop()
    await expect(ask(first.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const second = await open()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
  })

  it('finds and uses the server that outlived a kill -9 of its application', async () => {
    const { url, child } = await otherProcess()
    await ask(url, 'create table kept as select 7 as n')
    const pid = await postmasterPid()
    child.kill('SIGKILL')
    await once(child, 'exit')

    const server = await open()
    expect(server).toMatchObject({ url, started: false })
    expect(await postmasterPid()).toBe(pid)
    expect(await ask(url, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('is shared by processes that start at once, and ends with the last of them', async () => {
    const [first, second, other] = await Promise.all([open(), open(), otherProcess()])
    expect(second.url).toBe(first.url)
    expect(other.url).toBe(first.url)
    await first.stop()
    await second.stop()
    expect(await ask(first.url, 'select 1 as n')).toEqual([{ n: 1 }])
    other.child.kill('SIGTERM')
    await once(other.child, 'exit')
    await expect(ask(first.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('starts anew when asked for while the last holder ends it', async () => {
    const first = await open()
    const [, second] = await Promise.all([first.stop(), open()])
    expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it('is not held up by a lock file whose process id now belongs to another program', async () => {
    const first = await open()
    await first.stop()
    await writeFile(
      path.join(dataDir, 'postgres/data/postmaster.pid'),
      `${process.pid}\n${dataDir}\n0\n5432\n\n127.0.0.1\n`,
    )
    const second = await open()
    expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it('brings a server back that died while it was held, on the same address', async () => {
    const { url } = await open()
    await ask(url, 'create table kept as select 7 as n')
    await ask(url, 'checkpoint')
    const pid = await postmasterPid()
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(async () => expect(await ask(url, 'select n from kept')).toEqual([{ n: 7 }]), {
      timeout: 20_000,
      interval: 100,
    })
    expect(await postmasterPid()).not.toBe(pid)
  })

  it.runIf(isRoot)('works as root in a folder that nobody else can enter', async () => {
    await chmod(parent, 0o700)
    const first = await open()
    await ask(first.url, 'create table kept as select 7 as n')
    await first.stop()
    const second = await open()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }])
  })
})

describe('linkLibraries', () => {
  it('makes the links that an install script would have made, and leaves those that exist', async () => {
    const native = path.join(parent, 'package/native')
    await mkdir(path.join(native, 'lib'), { recursive: true })
    await writeFile(path.join(native, 'lib/libpq.so.5.18'), 'library')
    await symlink('libpq.so.5.18', path.join(native, 'lib/libpq.so'))
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }))
    await writeFile(path.join(native, 'pg-symlinks.json'), JSON.stringify(links))
    await linkLibraries(native)
    expect(await readFile(path.join(native, 'lib/libpq.so.5'), 'utf8')).toBe('library')
    expect(await readFile(path.join(native, 'lib/libpq.so'), 'utf8')).toBe('library')
  })
})
