import type { RunStatus } from '@/flow/run/event'
import type { Json } from '@/flow/json'
import type { Database } from './client'
import type { Slot } from './slots'
import { noSuchRun } from './runs'
import { isUuid } from './uuid'

/** A run that may be continued, as far as that must be known beforehand. */
export interface Continuable {
  status: RunStatus
  flowId: string
  versionId: string
  input: Json
  /** The trigger it was started at; null when it was ended before it began. */
  trigger: string | null
  /** It does a part of another run's work. */
  isSlice: boolean
}

/** Throws NotFoundError. */
export async function getContinuable(db: Database, workspaceId: string, run: string): Promise<Continuable> {
  if (!isUuid(run)) throw noSuchRun(run)
  const result = await db.pool.query<Continuable>(
    `select status, flow_id as "flowId", version_id as "versionId", input, cause = 'slice' as "isSlice",
       (select e.data->>'node' from run_event e where e.run = run.id and e.seq = 1) as trigger
     from run where id = $1 and workspace_id = $2`,
    [run, workspaceId],
  )
  const found = result.rows[0]
  if (!found) throw noSuchRun(run)
  return found
}

/**
 * Opens a failed or cancelled run again: appends `run_continued` under a new epoch, points it at the version, and queues
 * it, all or nothing. False when it is neither by now; of several that try at once one gets true.
 */
export async function reopenRun(
  db: Database,
  workspaceId: string,
  run: string,
  options: { versionId: string; dataText: string; slot: Slot | null; priority: number },
): Promise<boolean> {
  const result = await db.pool.query(
    `with before as (
       select id, greatest(ended_at, clock_timestamp()) as at from run
       where id = $1 and workspace_id = $2 and status in ('failed', 'cancelled') for update
     ), opened as (
       update run set status = case when $5::text is null then 'running' else 'queued' end,
         epoch = epoch + 1, owner = null, last_seq = last_seq + 1, version_id = $3, crashes = 0,
         error = null, output = null, http_status = null, ended_at = null, deadline_at = null, cancel_requested = null,
         slot_key = $5, slot_limit = $6, when_full = 'queue', slot = case when $5::text is not null then 'wanted' end
       from before where run.id = before.id
       returning run.id, run.workspace_id, run.flow_id, run.last_seq, before.at
     ), forgotten as (
       -- What it calls again is told of anew.
       delete from ended_call using opened where ended_call.parent = opened.id
     ), event as (
       insert into run_event (run, seq, workspace_id, type, at, data)
       select id, last_seq, workspace_id, 'run_continued', at, $4::json from opened
     )
     select id, pg_notify('millrace_events', id::text),
            case when $5::text is null
              then graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id, priority => $7)
              else graphile_worker.add_job('admit', json_build_object('workspaceId', workspace_id, 'flowId', flow_id, 'key', $5::text))
            end
     from opened`,
    [
      run,
      workspaceId,
      options.versionId,
      options.dataText,
      options.slot?.key ?? null,
      options.slot?.limit ?? null,
      options.priority,
    ],
  )
  return result.rowCount === 1
}

export interface ContinuableFilter {
  flowId: string
  status: 'failed' | 'cancelled'
  /** When they were started. */
  from?: Date
  to?: Date
  /** The node, or the step, that failed. */
  step?: string
  /** Of the error. */
  code?: string
}

/** Ids, oldest first, so that what was begun first goes on first. */
export async function listContinuable(
  db: Database,
  workspaceId: string,
  filter: ContinuableFilter,
  limit: number,
): Promise<string[]> {
  const { flowId, status, from = null, to = null, step = null, code = null } = filter
  const result = await db.pool.query<{ id: string }>(
    `select id from run
     where workspace_id = $1 and flow_id = $2 and status = $3 and cause <> 'slice'
       and ($4::timestamptz is null or created_at >= $4) and ($5::timestamptz is null or created_at <= $5)
       and ($6::text is null or error->>'step' = $6 or error->>'step' ~ $7) and ($8::text is null or error->>'code' = $8)
     order by number limit $9`,
    [workspaceId, flowId, status, from, to, step, ofNode(step), code, limit],
  )
  return result.rows.map((row) => row.id)
}

/** Matches the ids of all steps of a node: `email`, `each[3]/email#2`. */
function ofNode(node: string | null): string | null {
  return node === null ? null : `(^|/)${node.replace(/[^A-Za-z0-9_]/g, '\\$&')}(#[0-9]+)?$`
}
