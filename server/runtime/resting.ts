import { LRUCache } from 'lru-cache'
import type { RunEvent } from '@/flow/run/event'

/** A run's history as far as this process knows it. Histories only grow: what is known stays true. */
export interface KnownHistory {
  events: readonly RunEvent[]
  /** About as long as their JSON text. */
  size: number
}

const runsAtMost = 500
const sizeAtMost = 8 * 1024 * 1024
const sizeEach = 512 * 1024
const forMs = 5 * 60_000

/**
 * Histories of runs that were parked here a short while ago: whoever takes part in a conversation answers soon, and reading
 * its whole history again for each answer would cost more than all the rest.
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
