import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import { deleteCredential, listCredentials } from '@/db/credentials'
import { NotFoundError } from '@/db/errors'
import type { App } from './app'
import type { Caller } from './auth/caller'

/** As expressions name it: `secrets.NAME`. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'A name is letters, digits and _, such as HOOK_SECRET.')
export const secretValueSchema = z.string().min(1, 'An empty secret keeps nobody out.').max(64_000)

export interface SecretView {
  name: string
  updatedAt: string
}

/** The names of the workspace's secrets; what they hold leaves the server only for where they are used. */
export async function readSecrets({ db }: App, { workspaceId }: Caller): Promise<SecretView[]> {
  const secrets = await listCredentials(db, workspaceId)
  return secrets.map(({ name, updatedAt }) => ({ name, updatedAt: updatedAt.toISOString() }))
}

export async function storeSecret(
  { db, secrets }: App,
  { workspaceId, user }: Caller,
  { name, value }: { name: string; value: string },
): Promise<void> {
  await secrets.write(workspaceId, name, value, user.id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'secret.stored', subject: name })
}

/** Throws NotFoundError. */
export async function removeSecret({ db }: App, { workspaceId, user }: Caller, name: string): Promise<void> {
  if (!(await deleteCredential(db, workspaceId, name))) throw new NotFoundError(`There is no secret ${name}.`)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'secret.removed', subject: name })
}
