import { eq, sql } from 'drizzle-orm'
import type { Json, JsonObject } from '@/flow/json'
import type { Database } from './client'
import { variable } from './schema/flows'

/** All variables of a workspace, as `vars` in expressions. */
export async function getVariables(db: Database, workspaceId: string): Promise<JsonObject> {
  const rows = await db.drizzle
    .select({ name: variable.name, value: variable.value })
    .from(variable)
    .where(eq(variable.workspaceId, workspaceId))
  return Object.fromEntries(rows.map((row) => [row.name, row.value]))
}

export async function setVariable(
  db: Database,
  workspaceId: string,
  name: string,
  value: Json,
  person: string | null = null,
): Promise<void> {
  await db.drizzle
    .insert(variable)
    .values({ workspaceId, name, value, updatedBy: person })
    .onConflictDoUpdate({
      target: [variable.workspaceId, variable.name],
      set: { value, updatedBy: person, updatedAt: sql`now()` },
    })
}
