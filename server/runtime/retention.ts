import type { Database } from '@/db/client'
import { releaseIdempotencyKeys } from '@/db/idempotency-keys'
import { deleteExpiredEvents } from '@/db/outside-events'
import { deleteOldRuns, deleteUnusedBlobs, type Retention } from '@/db/retention'
import type { Logger } from '../log'

/** A day of a busy installation; what is left goes an hour later. */
const runsAtMost = 100_000
/** How long the key of a request says that a second one is the first one again. */
const keysOlderThanMs = 24 * 3_600_000
/** Of runs that a request from outside has begun. */
const keyedCauses = ['api', 'webhook', 'assistant']

/** Deletes what is older than people want to keep, in small transactions, so that nothing waits for it. */
export async function tidyUp(parts: { db: Database; log: Logger; retention: Retention }): Promise<void> {
  const { db, log, retention } = parts
  await deleteExpiredEvents(db.pool)
  await releaseIdempotencyKeys(db, { causes: keyedCauses, olderThanMs: keysOlderThanMs })
  let deleted = 0
  if (retention.olderThanMs !== undefined || retention.keepPerFlow !== undefined) {
    for (let batch = 1; batch > 0 && deleted < runsAtMost; deleted += batch) {
      batch = await deleteOldRuns(db, retention)
    }
  }
  await deleteUnusedBlobs(db)
  if (deleted > 0) log.info({ runs: deleted }, 'Old runs were deleted')
}

export type { Retention }
