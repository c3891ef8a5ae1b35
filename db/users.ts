import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { ConflictError } from './errors'
import { lockClass } from './locks'
import { account, member, organization, user } from './schema/auth'
import { uuidAt } from './uuid'

export interface Person {
  id: string
  name: string
  email: string
}

/** Whether anyone has an account yet. */
export async function hasUsers(db: Database): Promise<boolean> {
  const result = await db.pool.query('select 1 from "user" limit 1')
  return (result.rowCount ?? 0) > 0
}

export interface NewOwner {
  name: string
  email: string
  /** As Better Auth's `hashPassword` makes it. */
  passwordHash: string
  workspace: string
}

/** The first person and the first workspace, together or not at all. Throws ConflictError `already_set_up`. */
export async function createFirstOwner(
  db: Database,
  owner: NewOwner,
): Promise<{ userId: string; workspaceId: string }> {
  return db.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${lockClass.setup}, 0)`)
    const [someone] = await tx.select({ id: user.id }).from(user).limit(1)
    if (someone) throw new ConflictError('already_set_up', 'The owner exists already. Sign in instead.')
    return insertOwner(tx, owner)
  })
}

/** A person with a workspace of their own, beside those there are. */
export async function createOwner(
  db: Database,
  owner: NewOwner,
): Promise<{ userId: string; workspaceId: string }> {
  return db.drizzle.transaction((tx) => insertOwner(tx, owner))
}

async function insertOwner(
  tx: Pick<Database['drizzle'], 'insert'>,
  owner: NewOwner,
): Promise<{ userId: string; workspaceId: string }> {
  const userId = uuidAt(Date.now())
  const workspaceId = uuidAt(Date.now())
  const email = owner.email.toLowerCase()
  await tx.insert(user).values({ id: userId, name: owner.name, email })
  await tx.insert(account).values({
    id: uuidAt(Date.now()),
    accountId: userId,
    providerId: 'credential',
    userId,
    password: owner.passwordHash,
  })
  await tx.insert(organization).values({ id: workspaceId, name: owner.workspace, slug: workspaceId })
  await tx
    .insert(member)
    .values({ id: uuidAt(Date.now()), organizationId: workspaceId, userId, role: 'owner' })
  return { userId, workspaceId }
}

/** The person who signs in with that e-mail, and what their password is checked against; null when there is none. */
export async function findSignIn(
  db: Database,
  email: string,
): Promise<(Person & { passwordHash: string }) | null> {
  const [row] = await db.drizzle
    .select({ id: user.id, name: user.name, email: user.email, passwordHash: account.password })
    .from(user)
    .innerJoin(account, and(eq(account.userId, user.id), eq(account.providerId, 'credential')))
    .where(eq(user.email, email.toLowerCase()))
  return row?.passwordHash ? { ...row, passwordHash: row.passwordHash } : null
}

export interface Membership {
  person: Person
  workspaceId: string
  workspaceName: string
  /** As stored: `owner`, `admin`, `member`, `guest`. */
  role: string
}

/** The workspaces of a person, the oldest membership first. */
export async function listMemberships(db: Database, userId: string): Promise<Membership[]> {
  const rows = await db.drizzle
    .select({
      id: user.id,
      name: user.name,
      email: user.email,
      workspaceId: organization.id,
      workspaceName: organization.name,
      role: member.role,
    })
    .from(member)
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .innerJoin(user, eq(user.id, member.userId))
    .where(eq(member.userId, userId))
    .orderBy(asc(member.createdAt), asc(member.id))
  return rows.map(({ id, name, email, ...membership }) => ({ person: { id, name, email }, ...membership }))
}
