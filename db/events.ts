import type pg from 'pg'
import { isObject, type Json } from '@/flow/json'
import { parseEvent, type RunEvent } from '@/flow/run/event'
import type { Database } from './client'
import { uuidBound } from './uuid'

interface EventRow {
  seq: number
  type: string
  step: string | null
  at: Date
  data: unknown
  blobs: { [member: string]: string } | null
}

/** The history of a run after `afterSeq`, in order; values that are stored apart are put back. */
export async function listEvents(
  db: Database,
  workspaceId: string,
  run: string,
  afterSeq = 0,
  limit = 20_000,
): Promise<RunEvent[]> {
  const result = await db.pool.query<EventRow>({
    name: 'list_events',
    text: `select seq, type, step, at, data, blobs from run_event
           where run = $1 and workspace_id = $2 and seq > $3 order by seq limit $4`,
    values: [run, workspaceId, afterSeq, limit],
  })
  const hashes = new Set(result.rows.flatMap((row) => Object.values(row.blobs ?? {})))
  const values = await loadBlobs(db, workspaceId, [...hashes])
  return result.rows.map((row) => toEvent(row, values))
}

/** Of a run's history after `afterSeq` what a conversation is made of: what is asked, said, remembered, and the end. */
export async function listTalk(
  db: Database,
  workspaceId: string,
  run: string,
  afterSeq: number,
): Promise<RunEvent[]> {
  const result = await db.pool.query<EventRow>({
    name: 'list_talk',
    text: `select seq, type, step, at, data, blobs from run_event
           where run = $1 and workspace_id = $2 and seq > $3
             and (type in ('step_waiting', 'answer_received', 'step_failed', 'step_cancelled', 'state_changed',
                           'run_continued', 'run_completed', 'run_failed', 'run_cancelled')
                  or type = 'event_received' and data->'resolution'->>'by' = 'deadline')
           order by seq`,
    values: [run, workspaceId, afterSeq],
  })
  const hashes = new Set(result.rows.flatMap((row) => Object.values(row.blobs ?? {})))
  const values = await loadBlobs(db, workspaceId, [...hashes])
  return result.rows.map((row) => toEvent(row, values))
}

function toEvent(row: EventRow, values: Map<string, Json>): RunEvent {
  const data = isObject(row.data) ? { ...row.data } : {}
  for (const [member, hash] of Object.entries(row.blobs ?? {})) data[member] = values.get(hash) ?? null
  return parseEvent({ seq: row.seq, type: row.type, step: row.step, at: row.at.toISOString(), data })
}

async function loadBlobs(db: Database, workspaceId: string, hashes: string[]): Promise<Map<string, Json>> {
  if (hashes.length === 0) return new Map()
  const result = await db.pool.query<{ hash: string; value: Json }>(
    'select hash, value from blob where workspace_id = $1 and hash = any($2)',
    [workspaceId, hashes],
  )
  return new Map(result.rows.map((row) => [row.hash, row.value]))
}

/**
 * Makes the partitions of the history for this month and the next three. Events of runs outside all of them go to
 * the default partition, so a late call loses nothing.
 */
export async function makeEventPartitions(pool: pg.Pool, nowMs = Date.now()): Promise<void> {
  const now = new Date(nowMs)
  for (let ahead = 0; ahead <= 3; ahead++) {
    const from = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)
    const to = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1)
    const name = `run_event_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`
    const known = await pool.query('select 1 where to_regclass($1) is not null', [name])
    if (known.rowCount) continue
    // A default partition that already holds rows of that month keeps it: nothing to do, nothing lost.
    const held = await pool.query('select 1 from run_event_rest where run >= $1 and run < $2 limit 1', [
      uuidBound(from),
      uuidBound(to),
    ])
    if (held.rowCount) continue
    await pool.query(
      `create table if not exists ${name} partition of run_event
       for values from ('${uuidBound(from)}') to ('${uuidBound(to)}')`,
    )
  }
}
