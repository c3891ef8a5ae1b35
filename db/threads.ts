import { and, desc, eq, lt } from 'drizzle-orm'
import type { Json } from '@/flow/json'
import type { OpenAsk } from '@/flow/run/asking'
import type { Database } from './client'
import { NotFoundError } from './errors'
import { message, thread } from './schema/conversations'
import { isUuid } from './uuid'
import { answerPayload } from './waits'

export interface NewThread {
  id: string
  flowId: string
  draft: boolean
  person: string | null
  link: string | null
  title: string
}

/** A conversation, how its newest run stands, and what is still to be answered. */
export interface StoredThread extends NewThread {
  lastSeq: number
  turn: number | null
  run: string | null
  seenSeq: number
  asks: OpenAsk[]
  going: boolean
  tokens: number
  runTokens: number
  updatedAt: Date
  /** Events in the newest run's history; null when the run is not there any more. */
  runSeq: number | null
  /** The message that is being answered. */
  said: string | null
  /** The oldest message that no run has. */
  next: { seq: number; id: string; text: string } | null
}

export function noSuchThread(id: string): NotFoundError {
  return new NotFoundError(`There is no conversation ${id} here.`)
}

/** Members of a StoredThread, of thread `t` and its newest run `r`; `undelivered` selects messages that no run has. */
export const threadColumns = (undelivered: string) => `
  t.id, t.flow_id as "flowId", t.draft, t.person, t.link, t.title, t.last_seq as "lastSeq", t.turn, t.run,
  t.seen_seq as "seenSeq", t.asks, t.going, t.tokens::float8 as tokens, t.run_tokens::float8 as "runTokens",
  t.updated_at as "updatedAt", r.last_seq as "runSeq",
  (select json_build_object('seq', m.seq, 'id', m.id, 'text', m.text) from (${undelivered}) as m
   order by m.seq limit 1) as next,
  (select m.text from message m
   where m.workspace_id = t.workspace_id and m.thread = t.id and m.seq = t.turn) as said`

export const undelivered = `
  select seq, id, text from message
  where message.workspace_id = t.workspace_id and message.thread = t.id and not message.delivered`

/** Throws NotFoundError, also for ids that are none. */
export async function getThread(db: Database, workspaceId: string, id: string): Promise<StoredThread> {
  if (!isUuid(id)) throw noSuchThread(id)
  const result = await db.pool.query<StoredThread>({
    name: 'get_thread',
    text: `select ${threadColumns(undelivered)}
           from thread t left join run r on r.id = t.run and r.workspace_id = t.workspace_id
           where t.workspace_id = $1 and t.id = $2`,
    values: [workspaceId, id],
  })
  const row = result.rows[0]
  if (!row) throw noSuchThread(id)
  return row
}

/** The conversation that a request with this key has begun, and the message that it brought; null when there is none. */
export async function findOpening(
  db: Database,
  workspaceId: string,
  openingKey: string,
): Promise<
  (Pick<NewThread, 'id' | 'flowId' | 'draft' | 'person'> & { message: string; text: string }) | null
> {
  const [row] = await db.drizzle
    .select({
      id: thread.id,
      flowId: thread.flowId,
      draft: thread.draft,
      person: thread.person,
      message: message.id,
      text: message.text,
    })
    .from(thread)
    .innerJoin(
      message,
      and(eq(message.workspaceId, thread.workspaceId), eq(message.thread, thread.id), eq(message.seq, 1)),
    )
    .where(and(eq(thread.workspaceId, workspaceId), eq(thread.openingKey, openingKey)))
  return row ?? null
}

export interface ThreadRow {
  id: string
  flowId: string
  draft: boolean
  person: string | null
  title: string
  messages: number
  createdAt: Date
  updatedAt: Date
}

/** Newest first. */
export async function listThreads(
  db: Database,
  workspaceId: string,
  filter: { flowId?: string; person?: string; before?: Date; limit: number },
): Promise<ThreadRow[]> {
  return db.drizzle
    .select({
      id: thread.id,
      flowId: thread.flowId,
      draft: thread.draft,
      person: thread.person,
      title: thread.title,
      messages: thread.lastSeq,
      createdAt: thread.createdAt,
      updatedAt: thread.updatedAt,
    })
    .from(thread)
    .where(
      and(
        eq(thread.workspaceId, workspaceId),
        filter.flowId === undefined ? undefined : eq(thread.flowId, filter.flowId),
        filter.person === undefined ? undefined : eq(thread.person, filter.person),
        filter.before === undefined ? undefined : lt(thread.updatedAt, filter.before),
      ),
    )
    .orderBy(desc(thread.updatedAt))
    .limit(filter.limit)
}

/**
 * Gives the message to the step that asks, as its answer: the inbox of the step, the message and the thread change together
 * or not at all. False when the run has moved on since the thread was read.
 */
export async function answerByMessage(
  db: Database,
  workspaceId: string,
  of: Pick<StoredThread, 'id' | 'run' | 'seenSeq' | 'asks' | 'person'>,
  ask: OpenAsk,
  given: { seq: number; answer: Json },
): Promise<boolean> {
  const rest = of.asks.filter((other) => other.step !== ask.step)
  const result = await db.pool.query({
    name: 'answer_by_message',
    text: `with answered as (
             update wait set
               payload = ${answerPayload({ answer: '$7', person: '$8' })},
               answered_by = answered_by || coalesce($8::text, '')
             where run = $3 and step = $5 and workspace_id = $1 and kind = 'answer' and not closed and payload is null
               and (deadline is null or deadline > clock_timestamp())
               and exists (select from thread where workspace_id = $1 and id = $2 and run = $3 and seen_seq = $4
                           and turn is null)
               and exists (select from run where id = $3 and last_seq = $4 and ended_at is null
                           and cancel_requested is null)
             returning run
           ), said as (
             update message set delivered = true, run = $3
             where workspace_id = $1 and thread = $2 and seq = $6 and exists (select from answered)
           )
           update thread set turn = $6, asks = $9::json, updated_at = clock_timestamp()
           where workspace_id = $1 and id = $2 and exists (select from answered)`,
    values: [
      workspaceId,
      of.id,
      of.run,
      of.seenSeq,
      ask.step,
      given.seq,
      JSON.stringify(given.answer),
      of.person,
      JSON.stringify(rest),
    ],
  })
  return result.rowCount === 1
}

/** The message has begun this run. Nothing happens when that is known already. */
export async function beginTurn(
  db: Database,
  workspaceId: string,
  threadId: string,
  begun: { seq: number; run: string },
): Promise<void> {
  await db.pool.query({
    name: 'begin_turn',
    text: `with said as (
             update message set delivered = true, run = $4
             where workspace_id = $1 and thread = $2 and seq = $3 and not delivered returning seq
           )
           update thread set turn = $3, run = $4, seen_seq = 0, asks = '[]', going = true, run_tokens = 0,
             updated_at = clock_timestamp()
           where workspace_id = $1 and id = $2 and exists (select from said)`,
    values: [workspaceId, threadId, begun.seq, begun.run],
  })
}

/** The step that is asked about is not asking any more. */
export async function dropAsk(
  db: Database,
  workspaceId: string,
  of: Pick<StoredThread, 'id' | 'run' | 'seenSeq' | 'asks'>,
  ask: OpenAsk,
): Promise<void> {
  await db.pool.query(
    `update thread set asks = $5::json
     where workspace_id = $1 and id = $2 and run = $3 and seen_seq = $4
       and not exists (select from wait where run = $3 and step = $6 and kind = 'answer' and not closed
                       and (deadline is null or deadline > clock_timestamp()))`,
    [
      workspaceId,
      of.id,
      of.run,
      of.seenSeq,
      JSON.stringify(of.asks.filter((other) => other.step !== ask.step)),
      ask.step,
    ],
  )
}

/**
 * Conversations that have something to be looked after: their run went on without anybody looking, or a message waits that
 * no run has. Those changed in this very moment are left to whoever is at it. Across all workspaces: for the server itself.
 */
export async function listUnsettledThreads(
  db: Database,
  { idle }: { idle: boolean },
): Promise<{ workspaceId: string; id: string }[]> {
  const result = await db.pool.query<{ workspaceId: string; id: string }>(
    `select t.workspace_id as "workspaceId", t.id from thread t
       left join run r on r.id = t.run and r.workspace_id = t.workspace_id
     where ${idle ? '(t.turn is not null or t.going)' : 't.turn is not null'}
       and t.updated_at < clock_timestamp() - interval '2 seconds'
       and (r.id is null or r.last_seq > t.seen_seq)
     union
     select m.workspace_id, m.thread from message m
     where not m.delivered and m.at < clock_timestamp() - interval '2 seconds'
     limit 500`,
  )
  return result.rows
}

/** Threads that nobody went on with for longer than this, of all workspaces, oldest first. */
export async function listStaleThreads(
  db: Database,
  olderThanMs: number,
  limit: number,
): Promise<{ workspaceId: string; id: string; run: string | null; going: boolean }[]> {
  const result = await db.pool.query<{ workspaceId: string; id: string; run: string | null; going: boolean }>(
    `select workspace_id as "workspaceId", id, run, going from thread
     where updated_at < clock_timestamp() - $1::float8 * interval '1 millisecond' order by updated_at limit $2`,
    [olderThanMs, limit],
  )
  return result.rows
}

/** With its messages and what was remembered for it. False when it is not there. */
export async function deleteThread(db: Database, workspaceId: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const result = await db.pool.query(
    `with gone as (delete from thread where workspace_id = $1 and id = $2 returning flow_id),
          messages as (delete from message where workspace_id = $1 and thread = $2),
          contexts as (
            delete from flow_context where workspace_id = $1 and flow_id in (select flow_id from gone)
              and subject = 'thread ' || $2::text)
     select flow_id from gone`,
    [workspaceId, id],
  )
  return result.rowCount === 1
}
