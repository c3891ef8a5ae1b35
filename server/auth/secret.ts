import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../env'

/**
 * The server's secret: signs sessions and seals credentials. From the environment, else from `<data>/secret`, which the
 * first start makes, readable by its owner alone. Whoever loses it loses every session and every stored credential.
 */
export async function loadSecret(env: Pick<Env, 'MILLRACE_SECRET_KEY' | 'MILLRACE_DATA'>): Promise<string> {
  if (env.MILLRACE_SECRET_KEY) return env.MILLRACE_SECRET_KEY
  const file = join(env.MILLRACE_DATA, 'secret')
  await mkdir(env.MILLRACE_DATA, { recursive: true })
  try {
    // `wx`: of two processes that start together one writes, and both read what it wrote.
    await writeFile(file, randomBytes(32).toString('hex') + '\n', { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return (await readFile(file, 'utf8')).trim()
}
