import type { Database } from '@/db/client'
import { createFirstOwner, hasUsers } from '@/db/users'
import type { App } from '../app'
import { hashPassword } from './password'

const known = new WeakSet<Database>()

/** Whether the owner exists. Asked on every page request of a stranger, so a yes is remembered: it never becomes a no. */
export async function isSetUp(db: Database): Promise<boolean> {
  if (known.has(db)) return true
  const answer = await hasUsers(db)
  if (answer) known.add(db)
  return answer
}

export interface Owner {
  name: string
  email: string
  password: string
  workspace: string
}

/** Makes the owner and the workspace and signs the owner in. Throws ConflictError `already_set_up`. */
export async function setUp(
  app: Pick<App, 'db' | 'auth'>,
  owner: Owner,
  request: Request,
): Promise<{ userId: string; workspaceId: string; cookies: string[] }> {
  const made = await createOwnerOf(app.db, owner)
  const { headers } = await app.auth.api.signInEmail({
    body: { email: owner.email, password: owner.password },
    headers: request.headers,
    returnHeaders: true,
  })
  return { ...made, cookies: headers.getSetCookie() }
}

async function createOwnerOf(db: Database, { password, ...owner }: Owner) {
  return createFirstOwner(db, { ...owner, passwordHash: await hashPassword(password) })
}

/** For `MILLRACE_SETUP=email:password`: makes the owner unless there is one. True when it was made now. */
export async function setUpFrom(db: Database, setting: string): Promise<boolean> {
  if (await isSetUp(db)) return false
  const colon = setting.indexOf(':')
  const email = setting.slice(0, colon)
  const name = email.slice(0, email.indexOf('@'))
  await createOwnerOf(db, { name, email, password: setting.slice(colon + 1), workspace: 'Workspace' })
  return true
}
