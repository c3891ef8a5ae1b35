import type pg from 'pg'
import type { Json, JsonObject } from '@/flow/json'
import type { Resolution } from '@/flow/kind'
import type { Database } from './client'
import { ConflictError, NotFoundError } from './errors'
import { noSuchRun } from './runs'
import { isUuid } from './uuid'

export interface OpenWait {
  run: string
  step: string
  token: string
  kind: string
  ask: JsonObject | null
  /** Something has arrived that the run has not taken in yet. */
  pending: boolean
  answeredBy: string[]
  closed: boolean
  /** Its time is over, whether or not its run has taken notice. */
  expired: boolean
}

/** SQL: a time as events write it. */
const textOf = (time: string) => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
/** SQL: this moment by the database's clock, as events write it. */
export const nowText = textOf('clock_timestamp()')

/** SQL: an answer as the inbox holds it. `answer` is JSON text; `more` ends with a comma, or is empty. */
export const answerPayload = ({
  answer,
  person,
  more = `''`,
}: {
  answer: string
  person: string
  more?: string
}) =>
  `('{"by":"answer","at":' || to_json(${nowText}) || ',' || ${more} || '"answer":' || ${answer}::text
    || coalesce(',"person":' || to_json(${person}::text), '') || '}')::json`

/** What a step of a run waits for, or waited for. Throws NotFoundError. */
export async function getWait(
  db: Database,
  workspaceId: string,
  run: string,
  step: string,
): Promise<OpenWait> {
  if (!isUuid(run)) throw noSuchRun(run)
  const result = await db.pool.query<OpenWait>(
    `select run, step, token, kind, ask, payload is not null as pending, answered_by as "answeredBy", closed,
       coalesce(deadline <= clock_timestamp(), false) as expired
     from wait where run = $1 and step = $2 and workspace_id = $3`,
    [run, step, workspaceId],
  )
  const wait = result.rows[0]
  if (!wait) throw new NotFoundError(`Step ${step} of run ${run} does not wait for anything.`)
  return wait
}

/** What is asked at a link: the wait, and where it is. */
export interface LinkedWait extends OpenWait {
  workspaceId: string
  /** Whose link it is; null: nobody's in particular. */
  person: string | null
  flowId: string
  flowName: string
  deadline: Date | null
}

/** The question that the token of a link names, whether it is for anyone or for one person; or null. */
export async function findWaitByToken(db: Database, token: string): Promise<LinkedWait | null> {
  const result = await db.pool.query<LinkedWait>(
    `select w.run, w.step, w.kind, w.ask, w.payload is not null as pending, w.answered_by as "answeredBy", w.closed,
       coalesce(w.deadline <= clock_timestamp(), false) as expired, w.deadline, w.workspace_id as "workspaceId",
       w.token, link.person, f.id as "flowId", f.name as "flowName"
     from (select $1::text as wait, null::text as person
           union all select wait, person from answer_link where token = $1) as link
       join wait w on w.token = link.wait
       join run r on r.id = w.run
       join flow f on f.workspace_id = r.workspace_id and f.id = r.flow_id
     where w.kind = 'answer'`,
    [token],
  )
  return result.rows[0] ?? null
}

/** Something that a parked run asks. */
export interface OpenQuestion {
  step: string
  title: string
  /** JSON Schema of the answer, where it must have a shape. */
  schema: JsonObject | null
  /** Whoever talks may answer it. False: it is for certain people, or an approval. */
  isForAnyone: boolean
}

/** The question at which a run is parked, the first of them; null when it asks nothing. */
export async function findQuestion(
  db: Database,
  workspaceId: string,
  run: string,
): Promise<OpenQuestion | null> {
  if (!isUuid(run)) return null
  const result = await db.pool.query<OpenQuestion>(
    `select step, coalesce(ask->>'title', '') as title, ask->'schema' as schema,
       (ask->'people' is null and ask->'choices' is null) as "isForAnyone"
     from wait
     where run = $1 and workspace_id = $2 and kind = 'answer' and not closed and payload is null
     order by "isForAnyone" desc, step limit 1`,
    [run, workspaceId],
  )
  return result.rows[0] ?? null
}

/** SQL: the conversation that this is an answer in does not know it by a message. */
const elsewhere = `case when ask->>'channel' = 'chat' then '"elsewhere":true,' else '' end`

/**
 * Puts an answer into the inbox of a waiting step and queues its run to be gone on with, in one statement.
 * False when something else is in the inbox, the wait is closed, or this person has answered before.
 */
export async function deliverAnswer(
  db: Database,
  workspaceId: string,
  to: { run: string; step: string; person: string | null; answer: Json },
): Promise<boolean> {
  const result = await db.pool.query(
    `with delivered as (
       update wait set
         payload = ${answerPayload({ answer: '$5', person: '$4', more: elsewhere })},
         answered_by = answered_by || coalesce($4::text, '')
       where run = $1 and step = $2 and workspace_id = $3 and kind = 'answer' and not closed and payload is null
         and (deadline is null or deadline > clock_timestamp())
         and coalesce($4::text, '') <> all(answered_by)
       returning run
     )
     ${wake}`,
    [to.run, to.step, workspaceId, to.person, JSON.stringify(to.answer)],
  )
  return result.rowCount === 1
}

/** SQL: after `delivered`, wakes each run by a job, and by a word to its owner when it has one. */
export const wake = `
  select run, graphile_worker.add_job('advance', json_build_object('run', run), job_key => 'advance:' || run, priority => -5),
         pg_notify('millrace_wake', run::text)
  from delivered`

/** Puts the passing of a deadline into the inbox, unless an answer or event was quicker. */
export async function deliverDeadline(pool: pg.Pool, run: string, step: string): Promise<boolean> {
  const result = await pool.query(
    `update wait set payload = json_build_object('by', 'deadline', 'at', ${textOf('deadline')})
     where run = $1 and step = $2 and not closed and payload is null and deadline <= clock_timestamp()`,
    [run, step],
  )
  return result.rowCount === 1
}

/** Puts an outside event into the inbox of every step that waits for its name and key. Gives how many do. */
export async function deliverToWaits(
  executor: Pick<pg.Pool, 'query'>,
  workspaceId: string,
  event: { name: string; key: string | null; data: Json },
): Promise<number> {
  const result = await executor.query(
    `with delivered as (
       update wait set payload = json_build_object('by', 'event', 'at', ${nowText}, 'data', $4::json)
       where workspace_id = $1 and name = $2 and key is not distinct from $3
         and kind = 'event' and not closed and payload is null and (deadline is null or deadline > clock_timestamp())
       returning run
     )
     ${wake}`,
    [workspaceId, event.name, event.key, JSON.stringify(event.data)],
  )
  return result.rowCount ?? 0
}

/** Of these runs, all that arrived for them and is not in their history yet. */
export async function listArrived(
  pool: pg.Pool,
  runs: readonly string[],
): Promise<{ run: string; step: string; resolution: Resolution }[]> {
  if (runs.length === 0) return []
  const result = await pool.query<{ run: string; step: string; resolution: Resolution }>({
    name: 'list_arrived',
    text: 'select run, step, payload as resolution from wait where run = any($1::uuid[]) and payload is not null and not closed',
    values: [runs],
  })
  return result.rows
}

/**
 * Whether a run that was just parked has to be taken up again: something arrived, or a time came, while it was being
 * parked and its wake-up found it still owned.
 */
export async function hasArrivals(pool: pg.Pool, run: string): Promise<boolean> {
  const result = await pool.query<{ arrived: boolean }>({
    name: 'has_arrivals',
    text: `select exists(select from wait where run = $1 and not closed
             and (payload is not null or deadline <= clock_timestamp()))
             or exists(select from ended_call where parent = $1)
             or exists(select from run where id = $1 and ended_at is null
                       and (cancel_requested is not null or deadline_at <= clock_timestamp())) as arrived`,
    values: [run],
  })
  return result.rows[0]?.arrived ?? false
}

export function alreadyAnswered(step: string): ConflictError {
  return new ConflictError('already_answered', `Step ${step} has been answered already.`)
}
