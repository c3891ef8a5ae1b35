/** First key of our advisory locks; the second is 0 or a worker's id. */
export const lockClass = { migrate: 77_001, worker: 77_002, reaper: 77_003, setup: 77_004 } as const
