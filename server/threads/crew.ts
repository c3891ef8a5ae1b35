/** A worker thread that does one thing at a time. */
interface CrewThread {
  /** Ended, or about to be: takes no more work. */
  isSpent: boolean
  close(): Promise<unknown>
}

/**
 * Threads that share work: made when first needed, then kept warm; one that is spent is replaced by the next that is needed. The
 * newest is used next, so that those left over grow cold and cost nothing.
 */
export class Crew<Thread extends CrewThread, Work> {
  readonly #idle: Thread[] = []
  readonly #all = new Set<Thread>()
  readonly #queue: Work[] = []
  #isClosed = false

  constructor(
    private readonly options: {
      atMost: number
      /** `gone` is to be called when the thread has ended. */
      make: (gone: (thread: Thread) => void) => Thread
      /** Never rejects. */
      perform: (thread: Thread, work: Work) => Promise<void>
    },
  ) {}

  get isClosed(): boolean {
    return this.#isClosed
  }

  add(work: Work): void {
    this.#queue.push(work)
    this.#dispatch()
  }

  /** Takes back what no thread has begun. */
  remove(work: Work): void {
    const at = this.#queue.indexOf(work)
    if (at !== -1) this.#queue.splice(at, 1)
  }

  /** Ends the threads; gives what none has begun. */
  async close(): Promise<Work[]> {
    this.#isClosed = true
    const left = this.#queue.splice(0)
    await Promise.all([...this.#all].map((thread) => thread.close()))
    return left
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#free()
      const next = thread && this.#queue.shift()
      if (!next) return
      void this.options.perform(thread, next).then(() => {
        if (!thread.isSpent) this.#idle.push(thread)
        this.#dispatch()
      })
    }
  }

  #free(): Thread | null {
    const warm = this.#idle.pop()
    if (warm) return warm
    if (this.#isClosed || this.#all.size >= this.options.atMost) return null
    const thread = this.options.make((gone) => this.#gone(gone))
    this.#all.add(thread)
    return thread
  }

  #gone(thread: Thread): void {
    this.#all.delete(thread)
    const at = this.#idle.indexOf(thread)
    if (at !== -1) this.#idle.splice(at, 1)
    this.#dispatch()
  }
}
