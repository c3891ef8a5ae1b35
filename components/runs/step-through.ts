import type { RunStore } from './run-store'

/** One event back or on; past the last one it follows the live end again. */
export function stepThrough(store: RunStore, by: 1 | -1): void {
  const { position, events } = store.getState()
  const to = (position ?? events.length) + by
  store.seek(to >= events.length ? null : Math.max(1, to))
}
