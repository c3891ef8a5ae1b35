import type pg from 'pg'

/**
 * Tells all listening processes. Not waited for by the disk, and apart from what it tells of: a commit with a
 * notification holds a lock of the whole database through its flush, so batches could not overlap.
 */
export async function notify(
  pool: pg.Pool,
  words: readonly { channel: string; payload: string }[],
): Promise<void> {
  await pool.query(
    `with quick as (select set_config('synchronous_commit', 'off', true))
     select pg_notify(w.channel, w.payload) from quick, unnest($1::text[], $2::text[]) as w(channel, payload)`,
    [words.map((word) => word.channel), words.map((word) => word.payload)],
  )
}
