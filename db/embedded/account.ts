import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { PostgresError } from './postgres-error'

const run = promisify(execFile)
const systemUser = 'millrace-postgres'

/** Who runs PostgreSQL: empty means the user of this process, else both ids are set (this process is root). */
export interface Account {
  uid?: number
  gid?: number
}

/**
 * PostgreSQL refuses to run as root. Whoever owns an existing data directory runs it; for a new one a system user without
 * password, home or shell is made, and where that is impossible (a container without useradd) `nobody` serves.
 */
export async function accountFor(dataDirectory: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const owner = await stat(dataDirectory).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return (await lookUp(systemUser)) ?? (await createSystemUser()) ?? (await nobody())
}

async function lookUp(user: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return null
  }
}

async function createSystemUser(): Promise<Account | null> {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', systemUser]],
    ['adduser', ['-S', '-D', '-H', systemUser]],
  ]
  for (const [command, args] of ways) {
    await run(command, args).catch(() => null)
    const account = await lookUp(systemUser)
    if (account) return account
  }
  return null
}

async function nobody(): Promise<Account> {
  const account = await lookUp('nobody')
  if (account) return account
  throw new PostgresError(
    'postgres_unsupported',
    'PostgreSQL refuses to run as root and no other user could be made: start Millrace as an ordinary user, or set DATABASE_URL.',
  )
}

/** Whether `account` can enter `directory`, which depends on every folder above it. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  if (account.uid === undefined) return true
  try {
    await run('/bin/sh', ['-c', 'cd "$0"', directory], { ...account, cwd: '/' })
    return true
  } catch {
    return false
  }
}
