import type { Database } from './client'

const atOnce = 5_000

/**
 * Makes runs and conversations give up the keys of the requests that began them, so that a later request with the same
 * key is a new one. Only those of runs with these causes: the runtime's own keys say for ever what was begun already.
 */
export async function releaseIdempotencyKeys(
  db: Database,
  { causes, olderThanMs }: { causes: readonly string[]; olderThanMs: number },
): Promise<number> {
  const old = `created_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`
  const threads = await db.pool.query(
    `update thread set opening_key = null where opening_key is not null and ${old}`,
    [olderThanMs],
  )
  let released = threads.rowCount ?? 0
  for (let batch = atOnce; batch === atOnce; released += batch) {
    const runs = await db.pool.query(
      `update run set idempotency_key = null where id in (
         select id from run where idempotency_key is not null and cause = any($2::text[]) and ${old}
         limit $3 for update skip locked)`,
      [olderThanMs, causes, atOnce],
    )
    batch = runs.rowCount ?? 0
  }
  return released
}
