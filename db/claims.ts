import type pg from 'pg'
import type { JsonObject } from '@/flow/json'
import type { Resolution } from '@/flow/kind'
import type { RunStatus } from '@/flow/run/event'
import { endedCalls, type EndedCall } from './calls'
import type { Database } from './client'
import { lockClass } from './locks'
import { noSuchRun } from './runs'
import { isUuid } from './uuid'
import { aliveWorkers } from './workers'

export interface Claim {
  run: string
  workspaceId: string
  flowId: string
  versionId: string
  number: number
  cause: string
  priority: number
  /** The run that has started it. */
  parent: string | null
  slotKey: string | null
  slot: 'wanted' | 'held' | 'refused' | null
  epoch: number
  lastSeq: number
  crashes: number
  /** Of a queued run: what it starts with. */
  start: JsonObject | null
  deadlineAt: Date | null
  cancelRequested: { by?: string; reason?: string } | null
  /** By the database's clock. */
  now: Date
  /** What came for it before it was claimed. */
  arrived: { step: string; resolution: Resolution }[]
  endedCalls: EndedCall[]
}

/**
 * Makes `worker` the owner of a run that is queued, parked, or left behind by a dead worker; null when it is none of
 * these. Raises the epoch: whoever wrote to it before cannot any more.
 */
export async function claimRun(pool: pg.Pool, run: string, worker: number): Promise<Claim | null> {
  type Row = Omit<Claim, 'arrived' | 'endedCalls'> & {
    arrived: Claim['arrived'] | null
    endedCalls: (Omit<EndedCall, 'endedAt'> & { endedAt: string })[] | null
  }
  const result = await pool.query<Row>({
    name: 'claim_run',
    text: `with r as (
             update run set owner = $2, epoch = epoch + 1, status = 'running',
               started_at = coalesce(started_at, clock_timestamp())
             where id = $1 and (status in ('queued', 'waiting') or (status = 'running' and owner is null))
               and (slot is distinct from 'wanted' or cancel_requested is not null)
             returning id as run, workspace_id as "workspaceId", flow_id as "flowId", version_id as "versionId", number,
               cause, priority, parent, slot_key as "slotKey", slot, epoch, last_seq as "lastSeq", crashes, start,
               deadline_at as "deadlineAt", cancel_requested as "cancelRequested", clock_timestamp() as now
           )
           select r.*,
             (select json_agg(json_build_object('step', w.step, 'resolution', w.payload)) from wait w
              where w.run = $1 and w.payload is not null and not w.closed) as arrived,
             (select json_agg(c order by c."endedAt", c.run) from (${endedCalls('e.parent = $1')}) as c) as "endedCalls"
           from r`,
    values: [run, worker],
  })
  const row = result.rows[0]
  if (!row) return null
  const ended = (row.endedCalls ?? []).map((call) => ({ ...call, endedAt: new Date(call.endedAt) }))
  return { ...row, arrived: row.arrived ?? [], endedCalls: ended }
}

/** Gives up a run that this process cannot go on with; it counts as a crash, so that it does not go on for ever. */
export async function forsakeRun(pool: pg.Pool, run: string, worker: number): Promise<void> {
  await pool.query(
    `with forsaken as (
       update run set owner = null, epoch = epoch + 1, crashes = crashes + 1
       where id = $1 and owner = $2 and status = 'running' returning id
     )
     select graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id,
       run_at => clock_timestamp() + interval '1 second')
     from forsaken`,
    [run, worker],
  )
}

/** Runs that name this worker as their owner. */
export async function listOwnedRuns(pool: pg.Pool, worker: number): Promise<string[]> {
  const result = await pool.query<{ id: string }>(
    "select id from run where ended_at is null and status = 'running' and owner = $1",
    [worker],
  )
  return result.rows.map((row) => row.id)
}

/** Who has a run in memory now, if anyone. */
export async function ownerOf(pool: pg.Pool, run: string): Promise<number | null> {
  const result = await pool.query<{ owner: number | null }>('select owner from run where id = $1', [run])
  return result.rows[0]?.owner ?? null
}

/**
 * Writes down that a run is to be cancelled, and wakes its owner. Gives what the run was at that moment; one that had
 * ended stays as it is. Throws NotFoundError.
 */
export async function requestCancel(
  db: Database,
  workspaceId: string,
  run: string,
  request: { by?: string; reason?: string },
): Promise<{ status: RunStatus; owner: number | null }> {
  if (!isUuid(run)) throw noSuchRun(run)
  const result = await db.pool.query<{ status: RunStatus; owner: number | null }>(
    `with r as (
       update run set cancel_requested = case when ended_at is null then $3::json end
       where id = $1 and workspace_id = $2 returning status, owner
     )
     select r.*, pg_notify('millrace_wake', $1::text) from r`,
    [run, workspaceId, JSON.stringify(request)],
  )
  const row = result.rows[0]
  if (!row) throw noSuchRun(run)
  return { status: row.status, owner: row.owner }
}

/** Of the runs that a worker has in memory, those that someone wants cancelled. */
export async function listCancelRequests(
  pool: pg.Pool,
  runs: readonly string[],
): Promise<Map<string, { by?: string; reason?: string }>> {
  if (runs.length === 0) return new Map()
  const result = await pool.query<{ id: string; request: { by?: string; reason?: string } }>(
    `select id, cancel_requested as request from run
     where id = any($1::uuid[]) and cancel_requested is not null and ended_at is null`,
    [runs],
  )
  return new Map(result.rows.map((row) => [row.id, row.request]))
}

/**
 * Takes the runs of dead workers from them: raises the epoch, counts the crash, queues each to be gone on with, and
 * frees the jobs those workers had locked. One process at a time; the others get null.
 */
export async function recoverRuns(
  db: Database,
): Promise<{ recovered: string[]; aliveWorkers: number } | null> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    const lock = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_xact_lock($1, 0) as locked',
      [lockClass.reaper],
    )
    if (!lock.rows[0]?.locked) {
      await client.query('rollback')
      return null
    }
    // The living are read before the runs: a worker that registers in between owns none of them.
    const alive = await client.query<{ id: number }>(`select id from (${aliveWorkers}) as a(id)`)
    const ids = alive.rows.map((row) => row.id)
    const recovered = await client.query<{ id: string }>(
      `with dead as (
         select id from run
         where ended_at is null and status = 'running' and owner is not null and owner <> all($1::int[])
         for update skip locked limit 1000
       ), taken as (
         update run set epoch = epoch + 1, owner = null, crashes = crashes + 1
         from dead where run.id = dead.id
         returning run.id, run.priority
       )
       select id, (select graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id,
                    priority => -10) is not null) as queued
       from taken`,
      [ids],
    )
    await client.query(
      `with gone as (
         update worker set stopped_at = clock_timestamp()
         where stopped_at is null and id <> all($1::int[])
           -- A newcomer has yet to take its lock; one that works on jobs had it already.
           and started_at < clock_timestamp()
             - case when job_workers = '{}' then interval '15 seconds' else interval '3 seconds' end
         returning job_workers
       )
       select graphile_worker.force_unlock_workers(array(select unnest(job_workers) from gone))
       where exists (select from gone)`,
      [ids],
    )
    await client.query('commit')
    return { recovered: recovered.rows.map((row) => row.id), aliveWorkers: ids.length }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/**
 * Frees jobs that nobody alive has locked: a process may die before it has told its name. Jobs are locked for as long as
 * their process is short of room, so the time alone says nothing.
 */
export async function freeForgottenJobs(pool: pg.Pool): Promise<void> {
  await pool.query(
    `with known as (
       select unnest(job_workers) as name from worker where id in (${aliveWorkers})
     ), forgotten as (
       select distinct locked_by as name from graphile_worker._private_jobs
       where locked_at < clock_timestamp() - interval '15 seconds' and locked_by not in (select name from known)
     )
     select graphile_worker.force_unlock_workers(array(select name from forgotten))
     where exists (select from forgotten)`,
  )
}

/**
 * Queues again what a lost job would leave asleep: parked runs for which something arrived or whose time has come, and
 * queued runs that nobody took. The jobs themselves do this at once; this is the net below them.
 */
export async function wakeOverdueRuns(pool: pg.Pool): Promise<number> {
  const result = await pool.query(
    `with overdue as (
       select distinct w.run from wait w join run r on r.id = w.run
       where r.status = 'waiting' and not w.closed
         and (w.payload is not null or w.deadline < clock_timestamp() - interval '5 seconds')
       limit 1000
     ), ownerless as (
       select id as run from run where ended_at is null and status = 'running' and owner is null limit 1000
     ), told as (
       select e.parent as run from ended_call e join run r on r.id = e.parent where r.status = 'waiting' limit 1000
     )
     select graphile_worker.add_job('advance', json_build_object('run', run), job_key => 'advance:' || run)
     from (select run from overdue union select run from ownerless union select run from told) as asleep`,
  )
  return result.rowCount ?? 0
}
