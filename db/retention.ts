import type { Database } from './client'
import { lockClass } from './locks'

/** What may go. */
export interface Retention {
  /** Runs that ended longer ago than this. */
  olderThanMs?: number
  /** Of each flow all but its newest so many; runs that others have started go with those. */
  keepPerFlow?: number
}

/** Ended runs that nothing has started, and of whose own nothing goes on any more, oldest first. */
const findOld = `
  with recursive old as (
    select r.id from run r
    where r.parent is null and r.ended_at is not null and (
      r.ended_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
      or r.id in (
        select id from (
          select id, row_number() over (partition by workspace_id, flow_id order by number desc) as rank
          from run where parent is null and ended_at is not null and $2::int is not null
        ) as ranked where rank > $2))
    order by r.id limit $3
  ), tree(root, id) as (
    select id, id from old
    union all
    select tree.root, r.id from tree join run r on r.parent = tree.id
  )
  select tree.root, r.id from tree join run r on r.id = tree.id
  where r.ended_at is not null
    and not exists (select from tree t join run o on o.id = t.id where t.root = tree.root and o.ended_at is null)
  for update of r`

/** Of what was found and is locked now: the roots of which something was continued or started in between. */
const findAlive = `
  select distinct t.root from unnest($1::uuid[], $2::uuid[]) as t(root, id) join run r on r.id = t.id
  where r.ended_at is null or t.root <> all($2) or exists (select from run c where c.parent = r.id and c.id <> all($2))`

/**
 * Deletes a batch of old runs with all that is theirs: histories, waits, links to share them. Never one that goes on or
 * waits, nor one whose started runs do. Gives how many; 0 also when another process is at it.
 */
export async function deleteOldRuns(db: Database, retention: Retention, batch = 200): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    const lock = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_xact_lock($1, 0) as locked',
      [lockClass.retention],
    )
    const values = [retention.olderThanMs ?? null, retention.keepPerFlow ?? null, batch]
    const found = lock.rows[0]?.locked
      ? (await client.query<{ root: string; id: string }>(findOld, values)).rows
      : []
    const alive = await client.query<{ root: string }>(findAlive, [
      found.map((row) => row.root),
      found.map((row) => row.id),
    ])
    const kept = new Set(alive.rows.map((row) => row.root))
    const ids = found.flatMap(({ root, id }) => (kept.has(root) ? [] : [id]))
    if (ids.length > 0) {
      for (const table of ['run_event', 'wait', 'answer_link', 'blob_use', 'share_link', 'ended_call']) {
        await client.query(`delete from ${table} where run = any($1::uuid[])`, [ids])
      }
      await client.query('delete from ended_call where parent = any($1::uuid[])', [ids])
      await client.query('delete from run where id = any($1::uuid[])', [ids])
    }
    await client.query('commit')
    return ids.length
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/**
 * Deletes blobs that no history refers to any more. Young ones are left: an append that is under way counts on them, and
 * makes them young again.
 */
export async function deleteUnusedBlobs(db: Database, olderThanMs = 3_600_000): Promise<number> {
  const result = await db.pool.query(
    `delete from blob b where created_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
       and not exists (select from blob_use u where u.workspace_id = b.workspace_id and u.hash = b.hash)`,
    [olderThanMs],
  )
  return result.rowCount ?? 0
}
