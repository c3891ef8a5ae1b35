import type { RunEvent } from '@/flow/run/event'

/** News of a run, as told inside this process. `stored` says only that the database has more. */
export type News =
  | { kind: 'events'; events: readonly RunEvent[] }
  | { kind: 'stored' }
  | { kind: 'text'; step: string; chunk: string }
  /** It left this process's memory: ended, parked, handed back or lost. */
  | { kind: 'left' }

type Listener = (news: News) => void

/** Who in this process wants to hear of which run. */
export interface Hub {
  tell(run: string, news: News): void
  tellAll(news: News): void
  /** Gives the function that ends it. */
  listen(run: string, listener: Listener): () => void
}

export function createHub(): Hub {
  const listeners = new Map<string, Set<Listener>>()
  const tell = (run: string, news: News) => {
    for (const listener of listeners.get(run) ?? []) listener(news)
  }
  return {
    tell,
    tellAll(news) {
      for (const run of listeners.keys()) tell(run, news)
    },
    listen(run, listener) {
      const ofRun = listeners.get(run) ?? new Set()
      listeners.set(run, ofRun.add(listener))
      return () => {
        ofRun.delete(listener)
        if (ofRun.size === 0 && listeners.get(run) === ofRun) listeners.delete(run)
      }
    },
  }
}
