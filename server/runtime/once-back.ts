import { setTimeout as delay } from 'node:timers/promises'
import { StepError } from '@/flow/kind'
import { isDatabaseAway } from '../explain'
import type { Flight } from './flight'

const pauseMs = 250

/**
 * Does the work again until our own database is there for it: that it is away is no failure of a step. What a step throws on
 * purpose is its own, even when it speaks of a database. `mayRepeat` says whether nothing was done that counts.
 */
export async function onceBack<T>(
  flight: Flight,
  work: () => Promise<T>,
  mayRepeat: () => boolean = () => true,
): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StepError || !isDatabaseAway(error) || !mayRepeat()) throw error
      await delay(pauseMs, undefined, { signal: flight.signal }).catch(() => undefined)
      flight.throwIfAborted()
    }
  }
}
