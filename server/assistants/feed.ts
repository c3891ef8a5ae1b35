/** What is pushed by one comes out at another, in order, until it is ended. */
export interface Feed<T> extends AsyncIterable<T> {
  push(item: T): void
  /** With an error the reader gets it after what was pushed before. */
  end(error?: unknown): void
}

export function createFeed<T>(): Feed<T> {
  const items: T[] = []
  let ended: { error: unknown } | null = null
  let wake: () => void = () => undefined
  return {
    push(item) {
      items.push(item)
      wake()
    },
    end(error) {
      ended ??= { error }
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        for (let item = items.shift(); item !== undefined; item = items.shift()) yield item
        if (ended) {
          if (ended.error !== undefined) throw ended.error
          return
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
