import { LRUCache } from 'lru-cache'
import type { RunEvent } from '@/flow/run/event'
import type { RunState } from '@/flow/run/state'
import type { Agenda } from './agenda'
import type { Calls } from './calls'

/** A run's history as far as this process knows it. Histories only grow: what is known stays true. */
export interface KnownHistory {
  events: readonly RunEvent[]
  /** About as long as their JSON text. */
  size: number
  /** What they come to, up to some event; whoever goes on with the run has it to himself. */
  folded?: Folded
}

interface Folded {
  /** Folded by this version's graph. */
  versionId: string
  state: RunState
  calls: Calls
  times: Pick<Agenda, 'waiting' | 'deadlineMs'>
}

const runsAtMost = 500
const sizeAtMost = 4 * 1024 * 1024
const sizeEach = 256 * 1024
const forMs = 5 * 60_000

/**
 * What is known of runs that were parked here a short while ago: whoever takes part in a conversation answers soon, and
 * reading and folding its whole history again for each answer would cost more than all the rest.
 */
export class RestingRuns {
  readonly #histories = new LRUCache<string, KnownHistory>({
    max: runsAtMost,
    maxSize: sizeAtMost,
    maxEntrySize: sizeEach,
    sizeCalculation: ({ size }) => Math.max(1, size),
    ttl: forMs,
    ttlAutopurge: true,
  })

  rest(run: string, history: KnownHistory): void {
    this.#histories.set(run, history)
  }

  /** Gives what is known of the run, once. */
  wake(run: string): KnownHistory | null {
    const known = this.#histories.get(run) ?? null
    this.#histories.delete(run)
    return known
  }

  clear(): void {
    this.#histories.clear()
  }
}
