import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { FlowDocument } from '@/flow/document'
import type { Json } from '@/flow/json'
import type { RunError, RunStatus } from '@/flow/run/event'
import type { Database } from './client'
import { NotFoundError } from './errors'
import { flowVersion } from './schema/flows'
import { run } from './schema/runs'
import { isUuid } from './uuid'

export interface RunSummary {
  id: string
  number: number
  flowId: string
  /** Published number, or null for a run of the draft. */
  version: number | null
  status: RunStatus
  cause: string
  /** The run that started it, and the step of that. */
  parent: string | null
  parentStep: string | null
  error: RunError | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

export interface StoredRun extends RunSummary {
  workspaceId: string
  versionId: string
  input: Json
  output: Json
  httpStatus: number | null
  lastSeq: number
  thread: string | null
  person: string | null
  tokens: number
  /** What it runs. */
  document: FlowDocument
}

const summary = {
  id: run.id,
  number: run.number,
  flowId: run.flowId,
  version: flowVersion.number,
  status: run.status,
  cause: run.cause,
  parent: run.parent,
  parentStep: run.parentStep,
  error: run.error,
  createdAt: run.createdAt,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
}

export function noSuchRun(id: string): NotFoundError {
  return new NotFoundError(`There is no run ${id} here.`)
}

/** Throws NotFoundError, also for ids that are none. */
export async function getRun(db: Database, workspaceId: string, id: string): Promise<StoredRun> {
  if (!isUuid(id)) throw noSuchRun(id)
  const [row] = await db.drizzle
    .select({
      ...summary,
      workspaceId: run.workspaceId,
      versionId: run.versionId,
      input: run.input,
      output: run.output,
      httpStatus: run.httpStatus,
      lastSeq: run.lastSeq,
      thread: run.thread,
      person: run.person,
      tokens: run.tokens,
      document: flowVersion.document,
    })
    .from(run)
    .innerJoin(flowVersion, eq(flowVersion.id, run.versionId))
    .where(and(eq(run.id, id), eq(run.workspaceId, workspaceId)))
  if (!row) throw noSuchRun(id)
  return row
}

export interface RunFilter {
  flowId?: string
  statuses?: RunStatus[]
  from?: Date
  to?: Date
  /** A node, or one step: runs that came to it. */
  step?: string
  /** Runs that this one has started, slices included; without it slices are left out. */
  parent?: string
  /** The id of the last run of the page before. */
  before?: string
  /** 50 when not said, 200 at most. */
  limit?: number
}

/** Newest first. */
export async function listRuns(
  db: Database,
  workspaceId: string,
  filter: RunFilter = {},
): Promise<RunSummary[]> {
  for (const id of [filter.before, filter.parent]) if (id !== undefined && !isUuid(id)) throw noSuchRun(id)
  return db.drizzle
    .select(summary)
    .from(run)
    .innerJoin(flowVersion, eq(flowVersion.id, run.versionId))
    .where(
      and(
        eq(run.workspaceId, workspaceId),
        filter.flowId === undefined ? undefined : eq(run.flowId, filter.flowId),
        filter.statuses === undefined ? undefined : inArray(run.status, filter.statuses),
        filter.from === undefined ? undefined : sql`${run.createdAt} >= ${filter.from}`,
        filter.to === undefined ? undefined : sql`${run.createdAt} <= ${filter.to}`,
        filter.step === undefined ? undefined : cameTo(filter.step),
        filter.parent === undefined ? sql`${run.cause} <> 'slice'` : eq(run.parent, filter.parent),
        filter.before === undefined ? undefined : lt(run.id, filter.before),
      ),
    )
    .orderBy(desc(run.id))
    .limit(Math.min(filter.limit ?? 50, 200))
}

/** The run's history names the step, or a step of the node: `email`, `each[3]/email#2`. Skipped ones do not count. */
function cameTo(step: string) {
  const name = `(^|/)${step.replace(/[^A-Za-z0-9_]/g, '\\$&')}(#[0-9]+)?$`
  return sql`exists (
    select 1 from run_event e
    where e.run = ${run.id} and e.workspace_id = ${run.workspaceId}
      and e.type <> 'step_skipped' and (e.step = ${step} or e.step ~ ${name}))`
}

export interface StartedRun {
  id: string
  flow: string
  number: number
  status: RunStatus
  /** `call`, or `slice`: some items of a container that are spread over workers. */
  cause: string
  step: string
  /** Which of the step's calls it is, from 0. */
  call: number
}

const startedAtMost = 1_000

/** The runs that steps of this one have started, in order; the first thousand. */
export async function listStartedRuns(
  db: Database,
  workspaceId: string,
  parent: string,
): Promise<StartedRun[]> {
  const result = await db.pool.query<StartedRun>(
    `select id, flow_id as flow, number, status, cause, parent_step as step, parent_call as call from run
     where parent = $1 and workspace_id = $2 order by parent_step, parent_call, id limit $3`,
    [parent, workspaceId, startedAtMost],
  )
  return result.rows
}

/** The newest run of a flow, or null: for "last input" and for values to complete with. */
export async function lastRun(
  db: Database,
  workspaceId: string,
  flowId: string,
): Promise<{ id: string; input: Json; status: RunStatus } | null> {
  const [row] = await db.drizzle
    .select({ id: run.id, input: run.input, status: run.status })
    .from(run)
    .where(and(eq(run.workspaceId, workspaceId), eq(run.flowId, flowId), sql`${run.cause} <> 'slice'`))
    .orderBy(desc(run.number))
    .limit(1)
  return row ?? null
}

/**
 * Takes `count` numbers for new runs of a flow; gives the first. Those above `used` up to `taken`, left over from the
 * block before, are given back first unless somebody took numbers since. Not waited for by the disk: the commit of a run
 * that uses one of them comes later and flushes this one with it.
 */
export async function takeRunNumbers(
  db: Database,
  workspaceId: string,
  flowId: string,
  count: number,
  before: { used: number; taken: number },
): Promise<number> {
  const result = await db.pool.query<{ last_number: number }>({
    name: 'take_run_numbers',
    text: `with quick as (select set_config('synchronous_commit', 'off', true))
           insert into flow_run_counter as c (workspace_id, flow_id, last_number)
           select $1, $2, $3::int from quick
           on conflict (workspace_id, flow_id) do update
             set last_number = case when c.last_number = $5::int then $4::int else c.last_number end + excluded.last_number
           returning last_number`,
    values: [workspaceId, flowId, count, before.used, before.taken],
  })
  const last = result.rows[0]?.last_number
  if (last === undefined) throw new Error(`No run number for flow ${flowId}.`)
  return last - count + 1
}

/** How a run stands, without what it runs. Throws NotFoundError. */
export async function getRunStatus(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<{ status: RunStatus; lastSeq: number }> {
  if (!isUuid(id)) throw noSuchRun(id)
  const result = await db.pool.query<{ status: RunStatus; lastSeq: number }>({
    name: 'get_run_status',
    text: 'select status, last_seq as "lastSeq" from run where id = $1 and workspace_id = $2',
    values: [id, workspaceId],
  })
  const row = result.rows[0]
  if (!row) throw noSuchRun(id)
  return row
}

/** How a run ended, by its id alone: for the process that started it. Null while it goes on. */
export async function findRunResult(
  db: Database,
  id: string,
): Promise<{
  number: number
  status: RunStatus
  output: Json
  error: RunError | null
  httpStatus: number | null
} | null> {
  if (!isUuid(id)) return null
  const [row] = await db.drizzle
    .select({
      number: run.number,
      status: run.status,
      output: run.output,
      error: run.error,
      httpStatus: run.httpStatus,
    })
    .from(run)
    .where(eq(run.id, id))
  return row ?? null
}

/** The run that an idempotency key has started before, or null. */
export async function findRunByKey(
  db: Database,
  workspaceId: string,
  flowId: string,
  idempotencyKey: string,
): Promise<{ id: string; number: number } | null> {
  const [row] = await db.drizzle
    .select({ id: run.id, number: run.number })
    .from(run)
    .where(
      and(eq(run.workspaceId, workspaceId), eq(run.flowId, flowId), eq(run.idempotencyKey, idempotencyKey)),
    )
  return row ?? null
}
