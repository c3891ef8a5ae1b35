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
