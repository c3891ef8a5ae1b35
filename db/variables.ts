import { and, eq, sql } from 'drizzle-orm'
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

export interface VariableRow {
  name: string
  value: Json
  updatedAt: Date
}

/** By name. */
export async function listVariables(db: Database, workspaceId: string): Promise<VariableRow[]> {
  const { name, value, updatedAt } = variable
  return db.drizzle
    .select({ name, value, updatedAt })
    .from(variable)
    .where(eq(variable.workspaceId, workspaceId))
    .orderBy(name)
}

/** Gives whether there was one. */
export async function deleteVariable(db: Database, workspaceId: string, name: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(variable)
    .where(and(eq(variable.workspaceId, workspaceId), eq(variable.name, name)))
    .returning({ name: variable.name })
  return gone.length > 0
}
