import { z } from 'zod'
import { cancelCalls, reportCallAgain } from '@/db/calls'
import type { Database } from '@/db/client'
import { reopenRun } from '@/db/continuations'
import type { EventData } from '@/flow/run/event'
import type { Recall } from './run-jobs'

const stopPayload = z.object({ run: z.string(), steps: z.array(z.string()) })
const recallPayload = z.object({
  workspaceId: z.string(),
  run: z.string(),
  versionId: z.string(),
  version: z.number().nullable(),
  slot: z
    .object({ key: z.string(), limit: z.int(), whenFull: z.enum(['queue', 'reject', 'replace']) })
    .nullable(),
}) satisfies z.ZodType<Recall>

/** What jobs do about runs that runs have started. */
export function callTasks(db: Database) {
  return {
    async stop_calls(payload: unknown): Promise<void> {
      const { run, steps } = stopPayload.parse(payload)
      await cancelCalls(db.pool, run, steps)
    },
    /** One that failed or was cancelled goes on; one that completed is told of again. */
    async recall(payload: unknown): Promise<void> {
      const { workspaceId, run, versionId, version, slot } = recallPayload.parse(payload)
      const data: EventData<'run_continued'> = { version }
      const dataText = JSON.stringify(data)
      await reopenRun(db, workspaceId, run, { versionId, dataText, slot, priority: -5 })
      await reportCallAgain(db.pool, run)
    },
  }
}
