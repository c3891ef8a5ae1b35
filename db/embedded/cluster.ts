import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Binaries, environment } from './binaries'
import { type Home } from './home'
import { PostgresError } from './postgres-error'

const run = promisify(execFile)

/** The one role of an embedded cluster, also its superuser. */
export const role = 'millrace'
const passwordFile = 'millrace-password'

export const isInitialised = (home: Home) =>
  stat(path.join(home.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  )

/** The password that `initialise` made for this cluster. */
export const passwordOf = async (home: Home) =>
  (await readFile(path.join(home.data, passwordFile), 'utf8')).trim()

/**
 * Makes a cluster in `home.data`. It is built aside and renamed, so that an interrupted start leaves nothing half made, and of
 * two processes that do this at once one wins and the other uses the winner's.
 */
export async function initialise(home: Home, binaries: Binaries, durable: boolean): Promise<void> {
  const draft = path.join(home.directory, `data.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  const password = randomBytes(24).toString('base64url')
  const handed = `${draft}.password`
  try {
    await writePrivate(handed, password, home)
    await run(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${role}`,
        `--pwfile=${handed}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        // Built in since 17: sorts alike on every machine, so that a data directory can move between them.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...home.account, cwd: home.directory, env: environment },
    )
    await writePrivate(path.join(draft, passwordFile), password, home)
    await rename(draft, home.data)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(error instanceof Error)) throw error
    const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
    if (await isInitialised(home)) return
    throw new PostgresError(
      'postgres_failed',
      `PostgreSQL could not make its data directory ${home.data}: ${said || error.message}`,
      { cause: error },
    )
  } finally {
    await rm(handed, { force: true })
  }
}

async function writePrivate(file: string, text: string, { account }: Home): Promise<void> {
  await writeFile(file, text + '\n', { mode: 0o600, flag: 'wx' })
  if (account.uid !== undefined && account.gid !== undefined) await chown(file, account.uid, account.gid)
}
