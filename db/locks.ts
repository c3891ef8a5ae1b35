/** First key of our advisory locks; the second is 0, a worker's id, or the hash of a webhook's path. */
export const lockClass = {
  migrate: 77_001,
  worker: 77_002,
  reaper: 77_003,
  setup: 77_004,
  webhook: 77_005,
} as const
