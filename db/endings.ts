import type { Steering } from '@/flow/kind'
import type { Database } from './client'
import { isUuid } from './uuid'

/** How the end of a run steers the talk that it was started for; null when it does not, or has not ended well. */
export async function findSteering(
  db: Database,
  workspaceId: string,
  runId: string,
): Promise<Steering | null> {
  if (!isUuid(runId)) return null
  const result = await db.pool.query<{ steering: Steering | null }>(
    `select data->'steering' as steering from run_event
     where run = $1 and workspace_id = $2 and type = 'run_completed' order by seq desc limit 1`,
    [runId, workspaceId],
  )
  return result.rows[0]?.steering ?? null
}
