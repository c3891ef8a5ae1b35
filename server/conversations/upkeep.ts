import type { Database } from '@/db/client'
import { deleteOldFlowContexts } from '@/db/flow-contexts'
import { deleteThread, listStaleThreads, listUnsettledThreads } from '@/db/threads'
import { isDatabaseAway } from '../explain'
import type { Logger } from '../log'
import type { Runtime } from '../runtime/runtime'

/** How often conversations are looked for that somebody waits in, and that a process left in the middle of a turn. */
const turnsEveryMs = 3_000
/** How often those are looked for whose run went on by itself, such as by a deadline. */
const idleEveryMs = 15_000
const cleanEveryMs = 3_600_000
/** After the start: not among what a start has to do. */
const firstCleanMs = 60_000
const staleAtOnce = 200

/** Looks after conversations that nobody looks at. */
export function createUpkeep(parts: {
  db: Database
  runtime: Runtime
  log: Logger
  keepMs: number
  settle(workspaceId: string, thread: string): Promise<unknown>
}): { stop(): Promise<void> } {
  const { db, log } = parts
  let looking: Promise<void> | null = null
  let idleAtMs = performance.now()
  let cleanAtMs = performance.now() - cleanEveryMs + firstCleanMs

  async function look(): Promise<void> {
    const idle = performance.now() - idleAtMs > idleEveryMs
    if (idle) idleAtMs = performance.now()
    for (const { workspaceId, id } of await listUnsettledThreads(db, { idle })) {
      await parts.settle(workspaceId, id).catch((error: unknown) => {
        if (isDatabaseAway(error)) throw error
        log.warn({ err: error, thread: id }, 'A conversation could not be gone on with')
      })
    }
    if (performance.now() - cleanAtMs < cleanEveryMs) return
    cleanAtMs = performance.now()
    const gone = await deleteStale(parts)
    if (gone > 0) log.info({ threads: gone }, 'Old conversations were deleted')
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => {
        if (isDatabaseAway(error)) log.debug({ err: error }, 'The database is away: conversations wait')
        else log.error({ err: error }, 'Trouble while looking after conversations')
      })
      .finally(() => (looking = null))
  }, turnsEveryMs)

  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

/** Ends and deletes what nobody went on with for too long, and what was remembered. Gives how many conversations. */
export async function deleteStale(parts: {
  db: Database
  runtime: Pick<Runtime, 'cancel'>
  keepMs: number
}): Promise<number> {
  const { db, runtime, keepMs } = parts
  let count = 0
  for (;;) {
    const stale = await listStaleThreads(db, keepMs, staleAtOnce)
    for (const { workspaceId, id, run, going } of stale) {
      if (run !== null && going) {
        const reason = 'Nobody went on with its conversation.'
        // It may have been deleted meanwhile, which is as good.
        await runtime.cancel({ workspaceId, runId: run, reason }).catch(() => undefined)
      }
      if (await deleteThread(db, workspaceId, id)) count++
    }
    if (stale.length < staleAtOnce) break
  }
  await deleteOldFlowContexts(db, keepMs)
  return count
}
