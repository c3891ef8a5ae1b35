import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { z } from 'zod'

export { hashPassword } from 'better-auth/crypto'

export const passwordSchema = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(128, 'A password has at most 128 characters.')

let decoy: Promise<string> | null = null

/** Takes as long for a person who does not exist (null) as for one who does, so that the time tells nothing. */
export async function isPasswordOf(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const matches = await verifyPassword({ hash: passwordHash ?? (await decoy), password })
  return matches && passwordHash !== null
}
