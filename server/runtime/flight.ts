/**
 * A step that is being performed, and the way to abort it. The signal is made when it is first asked for: pure steps
 * hardly ever do, and an AbortController costs as much as a quick one of them.
 */
export class Flight {
  #controller: AbortController | null = null
  #reason: Error | null = null

  constructor(readonly isPure: boolean) {}

  get isAborted(): boolean {
    return this.#reason !== null
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: string): void {
    this.#reason = new Error(reason)
    this.#controller?.abort(this.#reason)
  }

  throwIfAborted(): void {
    if (this.#reason) throw this.#reason
  }
}
