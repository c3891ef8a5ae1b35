import type { Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { getRunStatus } from '@/db/runs'
import { isTerminal, type RunEvent } from '@/flow/run/event'
import { isDatabaseAway } from '../explain'
import type { Hub } from './hub'

export type Followed = RunEvent | { type: 'text'; step: string; chunk: string }

/** Notifications may be lost; this often a follower looks by itself. */
const pollMs = 3_000

const ends = (event: RunEvent) =>
  event.type === 'run_completed' || event.type === 'run_failed' || event.type === 'run_cancelled'

/**
 * The history of a run after `afterSeq`, then what happens, each event once and in order, until the run has ended or
 * `signal` aborts. Listens first and reads then, so nothing falls in between. Throws NotFoundError.
 */
export async function* followRun(
  db: Database,
  hub: Hub,
  workspaceId: string,
  run: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<Followed, void, void> {
  let cursor = afterSeq
  let inbox: Followed[] = []
  let mustRead = true
  let wake: () => void = () => undefined
  const unlisten = hub.listen(run, (news) => {
    if (news.kind === 'text') inbox.push({ type: 'text', step: news.step, chunk: news.chunk })
    else if (news.kind === 'events') inbox.push(...news.events)
    else mustRead = true
    wake()
  })
  const poll = setInterval(() => {
    mustRead = true
    wake()
  }, pollMs)
  const abort = () => wake()
  signal.addEventListener('abort', abort)
  try {
    await getRunStatus(db, workspaceId, run)
    while (!signal.aborted) {
      if (mustRead) {
        mustRead = false
        for (const event of await read()) {
          cursor = event.seq
          yield event
        }
        if (await hasEnded()) return
      }
      const arrived = inbox
      inbox = []
      for (const one of arrived) {
        if (one.type === 'text') yield one
        else if (one.seq === cursor + 1) {
          cursor = one.seq
          yield one
          if (ends(one)) mustRead = true
        } else if (one.seq > cursor) mustRead = true
      }
      if (mustRead || inbox.length > 0 || signal.aborted) continue
      await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    clearInterval(poll)
    signal.removeEventListener('abort', abort)
    unlisten()
  }

  /** While the database is away there is nothing new; the next poll tries again. */
  async function read(): Promise<RunEvent[]> {
    try {
      return await listEvents(db, workspaceId, run, cursor)
    } catch (error) {
      if (isDatabaseAway(error)) return []
      throw error
    }
  }

  /** Ended, and all of it told; a run that was continued goes on after an end. */
  async function hasEnded(): Promise<boolean> {
    try {
      const { status, lastSeq } = await getRunStatus(db, workspaceId, run)
      return isTerminal(status) && cursor >= lastSeq
    } catch (error) {
      if (isDatabaseAway(error)) return false
      throw error
    }
  }
}
