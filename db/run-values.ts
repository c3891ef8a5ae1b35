import { and, eq, inArray } from 'drizzle-orm'
import type { Json } from '@/flow/json'
import type { Database } from './client'
import { run } from './schema/runs'

/** What runs were given and what they came to, by their ids. */
export async function getRunValues(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, { input: Json; output: Json }>> {
  if (ids.length === 0) return new Map()
  const rows = await db.drizzle
    .select({ id: run.id, input: run.input, output: run.output })
    .from(run)
    .where(and(eq(run.workspaceId, workspaceId), inArray(run.id, [...ids])))
  return new Map(rows.map(({ id, input, output }) => [id, { input, output }]))
}
