/** First key of our advisory locks; the second is 0, a worker's id, or the hash of what is locked. */
export const lockClass = {
  migrate: 77_001,
  worker: 77_002,
  reaper: 77_003,
  setup: 77_004,
  slots: 77_006,
  retention: 77_007,
  webhook: 77_005,
} as const
