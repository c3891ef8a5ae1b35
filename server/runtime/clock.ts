/** The database's clock as this process estimates it: deadlines must mean the same on every machine. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Learns from a time that the database told between two readings of the local clock. */
  learn(databaseNow: Date, askedAtMs: number, answeredAtMs: number): void
}

export function createClock(localNowMs: () => number = Date.now): Clock {
  let offsetMs = 0
  return {
    nowMs: () => localNowMs() + offsetMs,
    learn(databaseNow, askedAtMs, answeredAtMs) {
      const uncertainMs = (answeredAtMs - askedAtMs) / 2
      const seenMs = databaseNow.getTime() - (askedAtMs + uncertainMs)
      // A slow answer says little: what is known already stays unless it is surely wrong.
      if (Math.abs(seenMs - offsetMs) > uncertainMs) offsetMs = Math.round(seenMs)
    },
  }
}
