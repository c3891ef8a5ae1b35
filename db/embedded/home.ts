import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Account, accountFor, canEnter } from './account'
import { PostgresError } from './postgres-error'

/** Where one embedded PostgreSQL keeps its things, and who runs it. */
export interface Home {
  directory: string
  /** PGDATA; may not exist yet. */
  data: string
  log: string
  account: Account
}

/**
 * `<dataDir>/postgres`, or, where the account that must run PostgreSQL cannot enter that (root's clone in /root), a folder of
 * its own below /var/lib, whose path is noted in `<dataDir>/postgres/elsewhere`.
 */
export async function findHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true })
  const root = await realpath(dataDir)
  const local = path.join(root, 'postgres')
  await mkdir(local, { recursive: true })
  const note = path.join(local, 'elsewhere')
  const noted = await readFile(note, 'utf8').catch(() => null)
  if (noted !== null) return openHome(noted.trim())

  const home = await openHome(local)
  if (await canEnter(home.account, local)) return home
  // Files in it that must stay private are 0600; passing through shows nothing.
  await chmod(root, (await stat(root)).mode | 0o011)
  if (await canEnter(home.account, local)) return home
  if (await stat(home.data).catch(() => null)) {
    throw new PostgresError(
      'postgres_unreachable',
      `The owner of ${home.data} can no longer enter it: give the folders above it the x permission, or move ${root} and set MILLRACE_DATA.`,
    )
  }
  const elsewhere = `/var/lib/millrace-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
  const far = await openHome(elsewhere).catch((cause: unknown) => {
    throw new PostgresError(
      'postgres_unreachable',
      `PostgreSQL does not run as root, its user cannot enter ${local}, and ${elsewhere} cannot be made: set MILLRACE_DATA to a folder that every user may enter, or set DATABASE_URL.`,
      { cause },
    )
  })
  await writeFile(note, elsewhere + '\n')
  return far
}

async function openHome(directory: string): Promise<Home> {
  const data = path.join(directory, 'data')
  await mkdir(directory, { recursive: true })
  const account = await accountFor(data)
  if (account.uid !== undefined && account.gid !== undefined) {
    await chown(directory, account.uid, account.gid)
    await chmod(directory, 0o700)
  }
  return { directory, data, log: path.join(directory, 'postgres.log'), account }
}
