/** Lets so many in at once; the others wait in the order in which they came. */
export interface Turnstile {
  /** Comes back with what must be called to let the next one in. Throws the abort's reason. */
  pass(signal: AbortSignal): Promise<() => void>
}

export function createTurnstile(atOnce: number): Turnstile {
  let inside = 0
  const queue = new Set<() => void>()

  function leave(): void {
    const [next] = queue
    if (!next) {
      inside--
      return
    }
    queue.delete(next)
    next()
  }

  return {
    async pass(signal) {
      signal.throwIfAborted()
      if (inside < atOnce) inside++
      else await turn(signal)
      let hasLeft = false
      return () => {
        if (hasLeft) return
        hasLeft = true
        leave()
      }
    },
  }

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        queue.delete(enter)
        reject(signal.reason)
      }
      const enter = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      queue.add(enter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}
