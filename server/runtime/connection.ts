import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** A connection of its own that comes back by itself after every loss, until it is closed. */
export interface LastingConnection {
  isConnected(): boolean
  /** Connected, and not just now after a loss: others who lost theirs with it have had the time to come back too. */
  isSettled(): boolean
  /** Resolves when it was connected and prepared for the first time. */
  ready: Promise<void>
  close(): Promise<void>
}

/** Others try again at least once a second. */
const settlingMs = 3_000

/** `prepare` runs after every connect: it listens, or takes a lock. When it throws, connecting is tried again. */
export function keepConnected(
  url: string,
  name: string,
  prepare: (client: pg.Client) => Promise<void>,
): LastingConnection {
  let client: pg.Client | null = null
  let isConnected = false
  /** Null until the first loss. */
  let backAtMs: number | null = null
  let isClosed = false
  let onReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (onReady = resolve))
  const running = keep()

  async function keep(): Promise<void> {
    for (let failures = 0; !isClosed; failures++) {
      const next = new pg.Client({
        connectionString: url,
        application_name: name,
        keepAlive: true,
        keepAliveInitialDelayMillis: 5_000,
        connectionTimeoutMillis: 5_000,
      })
      // pg tells a loss by both `error` and `end`; the first without a listener would end the process.
      next.on('error', () => undefined)
      try {
        await next.connect()
        client = next
        const ended = new Promise<void>((resolve) => next.once('end', () => resolve()))
        await prepare(next)
        isConnected = true
        if (backAtMs !== null) backAtMs = performance.now()
        failures = 0
        onReady()
        await ended
        backAtMs = Infinity
      } catch {
        await next.end().catch(() => undefined)
      }
      isConnected = false
      client = null
      if (!isClosed) await delay(Math.min(1_000, 20 * 2 ** failures))
    }
  }

  return {
    isConnected: () => isConnected,
    isSettled: () => isConnected && (backAtMs === null || performance.now() - backAtMs > settlingMs),
    ready,
    async close() {
      isClosed = true
      await client?.end().catch(() => undefined)
      await running
    },
  }
}
