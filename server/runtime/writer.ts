import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { appendBatch, storedPositions, type Append } from '@/db/append'
import { isDatabaseAway } from '../explain'
import { LeaseLostError } from './lease'
import type { Measures } from './measures'

/** What has something to write: asked for it when there is room in a batch, so all that came together goes together. */
export interface AppendSource {
  /** All that is to be written by now; null when there is nothing. Not asked again before its answer. */
  take(): Append | null
  stored(append: Append): void
  /** LeaseLostError, or the error of an append that the database will never take. */
  refused(append: Append, error: Error): void
}

export interface Writer {
  /** The source has something to write. */
  request(source: AppendSource): void
  /** False while the database cannot be reached; what is to be written waits. */
  isConnected(): boolean
  /** Sources that wait to be written. */
  backlog(): number
  /** Waits until nothing is left to write, or the time is up. */
  drain(limitMs: number): Promise<void>
  end(): Promise<void>
}

/*
 * Measured with 6 pure and 2 effect steps, 32 runs at once, 2 cores shared with Postgres (bench/engine.ts): one batch in
 * flight leaves the disk idle while Node works; from the third on batches only get smaller.
 */
const batchesInFlight = 2
const batchSize = 200

/** The one door through which a process appends to histories. */
export function createWriter(options: {
  url: string
  /** The worker's id; new runs name it as their owner. */
  owner: number
  measures?: Measures
  onAway?: (error: Error) => void
  onBack?: () => void
  /** Puts crash points around a batch in tests. */
  append?: typeof appendBatch
}): Writer {
  const append = options.append ?? appendBatch
  const pool = new pg.Pool({
    connectionString: options.url,
    max: batchesInFlight,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 0,
    application_name: 'millrace writer',
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))

  const waiting = new Set<AppendSource>()
  const busy = new Set<AppendSource>()
  /** Asked for again while their last append was on its way. */
  const again = new Set<AppendSource>()
  let inFlight = 0
  let isScheduled = false
  let isAway = false
  let isEnded = false

  function request(source: AppendSource): void {
    if (busy.has(source)) again.add(source)
    else {
      waiting.add(source)
      schedule()
    }
  }

  /** After the tasks at hand, so that runs which were woken by one batch meet in the next. */
  function schedule(): void {
    if (isScheduled || isAway || isEnded || inFlight >= batchesInFlight || waiting.size === 0) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      if (isAway || isEnded) return
      while (inFlight < batchesInFlight && waiting.size > 0) send()
    })
  }

  function send(): void {
    const items: Item[] = []
    for (const source of waiting) {
      waiting.delete(source)
      const append = source.take()
      if (!append) continue
      busy.add(source)
      items.push({ source, append })
      if (items.length === batchSize) break
    }
    if (items.length === 0) return
    inFlight++
    void write(items).finally(() => {
      inFlight--
      schedule()
    })
  }

  async function write(items: Item[]): Promise<void> {
    for (let rest = items, attempt = 0; rest.length > 0; attempt++) {
      try {
        const sentAt = performance.now()
        const applied = await append(
          pool,
          options.owner,
          rest.map((item) => item.append),
        )
        options.measures?.appended((performance.now() - sentAt) / 1_000)
        back()
        rest.forEach((item, index) =>
          settle(item, applied.has(index) ? null : new LeaseLostError(item.append.run)),
        )
        return
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        if (isEnded) return
        if (isPassing(error)) {
          away(error)
          await delay(Math.min(2_000, 50 * 2 ** attempt))
          rest = await withoutStored(rest)
        } else if (rest.length === 1) {
          rest.forEach((item) => settle(item, error))
          return
        } else {
          // One of them cannot be written: alone each, so that only that one is refused.
          for (const item of rest) await write([item])
          return
        }
      }
    }
  }

  /** A connection that breaks during a commit leaves open whether it happened: the stored positions tell. */
  async function withoutStored(items: Item[]): Promise<Item[]> {
    try {
      const positions = await storedPositions(
        pool,
        items.map((item) => item.append.run),
      )
      back()
      return items.filter(({ append, ...item }) => {
        const stored = positions.get(append.run)
        const isMine = stored?.epoch === append.epoch && (!append.create || stored.owner === options.owner)
        if (!stored || !isMine || stored.lastSeq < append.lastSeq) return true
        settle({ append, ...item }, null)
        return false
      })
    } catch {
      return items
    }
  }

  function settle({ source, append }: Item, error: Error | null): void {
    busy.delete(source)
    const wantsMore = again.delete(source)
    if (error) source.refused(append, error)
    else source.stored(append)
    if (wantsMore) request(source)
  }

  function away(error: Error): void {
    if (isAway) return
    isAway = true
    options.onAway?.(error)
  }

  function back(): void {
    if (!isAway) return
    isAway = false
    options.onBack?.()
    schedule()
  }

  return {
    request,
    isConnected: () => !isAway,
    backlog: () => waiting.size + busy.size,
    async drain(limitMs) {
      const endsAt = performance.now() + limitMs
      while (waiting.size + busy.size > 0 && performance.now() < endsAt) await delay(5)
    },
    async end() {
      isEnded = true
      await pool.end()
    },
  }
}

interface Item {
  source: AppendSource
  append: Append
}

/** No room (disk, connections, memory), a deadlock, a database that is closed for a while: it will be well again by itself. */
function isPassing(error: Error): boolean {
  return (
    isDatabaseAway(error) ||
    (error instanceof pg.DatabaseError && /^(53|40|58|55000|25006)/.test(error.code ?? ''))
  )
}
