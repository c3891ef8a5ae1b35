import { setImmediate as nextTurn } from 'node:timers/promises'
import { getRun } from '@/db/runs'
import { isTerminal, type RunEvent } from '@/flow/run/event'
import type { App } from '../app'

export type RunMessage =
  | { kind: 'events'; events: RunEvent[] }
  /** A piece of an agent's answer while it is being written; never stored. */
  | { kind: 'text'; step: string; chunk: string }

/**
 * A run's history after `afterSeq` and then what happens, until it has ended. What is there at once comes as one message.
 * Throws NotFoundError.
 */
export async function* followRun(
  app: App,
  workspaceId: string,
  id: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunMessage, void, void> {
  const run = await getRun(app.db, workspaceId, id)
  if (isTerminal(run.status) && run.lastSeq <= afterSeq) return
  const source = app.runtime.follow(workspaceId, id, afterSeq, signal)[Symbol.asyncIterator]()
  let batch: RunEvent[] = []
  let next = source.next()
  // Consumed below in every case; without this a rejection while the reader is slow would count as unhandled.
  next.catch(() => undefined)
  try {
    for (;;) {
      const arrived = await Promise.race([next, batch.length > 0 ? nextTurn(null) : next])
      if (arrived !== null && !arrived.done && arrived.value.type !== 'text') {
        batch.push(arrived.value)
      } else {
        if (batch.length > 0) yield { kind: 'events', events: batch }
        batch = []
        if (arrived === null) continue
        if (arrived.done) return
        const { value } = arrived
        if (value.type === 'text') yield { kind: 'text', step: value.step, chunk: value.chunk }
      }
      next = source.next()
      next.catch(() => undefined)
    }
  } finally {
    await source.return?.()
  }
}
