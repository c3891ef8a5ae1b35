import type { StepId } from '@/flow/run/step-id'
import type { Clock } from './clock'

/** setTimeout counts to 2^31 - 1 ms; a longer wait is looked at again when that has passed. */
const longestTimeoutMs = 2_000_000_000

/** The times at which a run in memory has something to do by itself, and the one timer for the next of them. */
export class Agenda {
  /** Waiting steps, with the time when each ends by itself; null = never. */
  readonly waiting: Map<StepId, number | null>
  /** Pauses between attempts. */
  readonly retries = new Map<StepId, number>()
  /** Of the whole run. */
  deadlineMs: number | null

  #timer: NodeJS.Timeout | null = null
  #armedForMs = Infinity

  constructor(
    readonly clock: Clock,
    readonly onDue: () => void,
    known: Pick<Agenda, 'waiting' | 'deadlineMs'> = { waiting: new Map(), deadlineMs: null },
  ) {
    this.waiting = known.waiting
    this.deadlineMs = known.deadlineMs
  }

  /** Infinity when nothing is due ever. */
  nextMs(): number {
    let nextMs = this.deadlineMs ?? Infinity
    for (const dueMs of this.waiting.values()) if (dueMs !== null && dueMs < nextMs) nextMs = dueMs
    for (const dueMs of this.retries.values()) if (dueMs < nextMs) nextMs = dueMs
    return nextMs
  }

  /** Waiting steps whose time has come. */
  dueWaits(): StepId[] {
    const nowMs = this.clock.nowMs()
    return [...this.waiting].flatMap(([step, dueMs]) => (dueMs !== null && dueMs <= nowMs ? [step] : []))
  }

  isOverdue(): boolean {
    return this.deadlineMs !== null && this.clock.nowMs() >= this.deadlineMs
  }

  /** Sets the timer for what is next; cheap when that has not changed. */
  arm(): void {
    const nextMs = this.nextMs()
    if (nextMs === this.#armedForMs) return
    this.disarm()
    if (nextMs === Infinity) return
    this.#armedForMs = nextMs
    const delayMs = Math.min(Math.max(0, nextMs - this.clock.nowMs()), longestTimeoutMs)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#armedForMs = Infinity
      this.onDue()
    }, delayMs)
  }

  disarm(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#armedForMs = Infinity
  }
}
