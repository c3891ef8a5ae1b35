import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { credential } from './schema/flows'

/** The sealed secret of that name, or null. */
export async function getSealedCredential(
  db: Database,
  workspaceId: string,
  name: string,
): Promise<Buffer | null> {
  const [row] = await db.drizzle
    .select({ sealed: credential.sealed })
    .from(credential)
    .where(and(eq(credential.workspaceId, workspaceId), eq(credential.name, name)))
  return row?.sealed ?? null
}

export async function setSealedCredential(
  db: Database,
  workspaceId: string,
  name: string,
  sealed: Buffer,
  person: string | null = null,
): Promise<void> {
  await db.drizzle
    .insert(credential)
    .values({ workspaceId, name, sealed, updatedBy: person })
    .onConflictDoUpdate({
      target: [credential.workspaceId, credential.name],
      set: { sealed, updatedBy: person, updatedAt: sql`now()` },
    })
}

export interface CredentialName {
  name: string
  updatedAt: Date
}

/** By name; never what they hold. */
export async function listCredentials(db: Database, workspaceId: string): Promise<CredentialName[]> {
  return db.drizzle
    .select({ name: credential.name, updatedAt: credential.updatedAt })
    .from(credential)
    .where(eq(credential.workspaceId, workspaceId))
    .orderBy(credential.name)
}

/** Gives whether there was one. */
export async function deleteCredential(db: Database, workspaceId: string, name: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(credential)
    .where(and(eq(credential.workspaceId, workspaceId), eq(credential.name, name)))
    .returning({ name: credential.name })
  return gone.length > 0
}
