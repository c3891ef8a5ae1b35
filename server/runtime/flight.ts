import type { StepId } from '@/flow/run/step-id'

/** Why a step is stopped: it is of no use any more, and leaves no trace. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError'
}

/**
 * A step that is being performed, and the way to abort it. The signal is made when it is first asked for: pure steps
 * hardly ever do, and an AbortController costs as much as a quick one of them.
 */
export class Flight {
  #controller: AbortController | null = null
  #reason: Error | null = null

  constructor(readonly isPure: boolean) {}

  /** Stopped from outside; a step that ran into its time limit has failed instead. */
  get isAborted(): boolean {
    return this.#reason instanceof AbortedError
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: Error): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }

  throwIfAborted(): void {
    if (this.#reason) throw this.#reason
  }
}

/** The steps of a run that are being performed. */
export class Flights {
  readonly #flights = new Map<StepId, Flight>()
  #pure = 0

  get size(): number {
    return this.#flights.size
  }

  get hasPure(): boolean {
    return this.#pure > 0
  }

  has(step: StepId): boolean {
    return this.#flights.has(step)
  }

  steps(): StepId[] {
    return [...this.#flights.keys()]
  }

  begin(step: StepId, isPure: boolean): Flight {
    const flight = new Flight(isPure)
    this.#flights.set(step, flight)
    if (isPure) this.#pure++
    return flight
  }

  /** False when it was aborted, or another flight of the step has begun since. */
  land(step: StepId, flight: Flight): boolean {
    if (this.#flights.get(step) !== flight) return false
    this.#forget(step)
    return true
  }

  abort(step: StepId, reason: string): void {
    const flight = this.#flights.get(step)
    this.#forget(step)
    flight?.abort(new AbortedError(reason))
  }

  abortAll(reason: string): void {
    for (const step of this.steps()) this.abort(step, reason)
  }

  #forget(step: StepId): void {
    if (this.#flights.get(step)?.isPure) this.#pure--
    this.#flights.delete(step)
  }
}
