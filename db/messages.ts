import type { JsonObject } from '@/flow/json'
import type { OpenAsk } from '@/flow/run/asking'
import type { Database } from './client'
import { threadColumns, undelivered, type NewThread, type StoredThread } from './threads'
import { isUuid } from './uuid'

export interface NewMessage {
  id: string
  text: string
  /** A second message of the thread with the same key is not taken. */
  key: string | null
}

/** A message as it is taken from a run's history. */
interface Spoken {
  id: string
  /** Number of the event. */
  event: number
  role: 'user' | 'assistant'
  text: string
  result: JsonObject | null
}

export interface StoredMessage {
  seq: number
  id: string
  role: 'user' | 'assistant'
  text: string
  /** Of the assistant: the message that it answers. */
  turn: number | null
  run: string | null
  tokens: number
  result: JsonObject | null
  at: Date
}

/** Begins a conversation with its first message. False when there is one of that id, or of its opening key, already. */
export async function openThread(
  db: Database,
  workspaceId: string,
  thread: NewThread & { openingKey: string | null },
  message: NewMessage,
): Promise<boolean> {
  const result = await db.pool.query({
    name: 'open_thread',
    text: `with t as (
             insert into thread (workspace_id, id, flow_id, draft, person, link, title, opening_key, last_seq)
             values ($1, $2, $3, $4, $5, $6, $7, $11, 1) on conflict do nothing returning id
           )
           insert into message (workspace_id, thread, seq, id, role, text, delivered, key)
           select $1, id, 1, $8, 'user', $9, false, $10 from t`,
    values: [
      workspaceId,
      thread.id,
      thread.flowId,
      thread.draft,
      thread.person,
      thread.link,
      thread.title,
      message.id,
      message.text,
      message.key,
      thread.openingKey,
    ],
  })
  return result.rowCount === 1
}

interface Added {
  /** The conversation as it stood when the message came; `next` counts the message in. */
  thread: StoredThread
  /** The message, or the one that its key was used for before; null when the conversation is not the one that is meant. */
  message: { seq: number; id: string; text: string } | null
}

/** Adds what the user says to a conversation with that flow, begun by that link if one is said. Null: there is none. */
export async function addMessage(
  db: Database,
  workspaceId: string,
  threadId: string,
  meant: { flowId: string; link: string | null },
  message: NewMessage,
): Promise<Added | null> {
  if (!isUuid(threadId)) return null
  const add = () =>
    db.pool.query<StoredThread & { added: Added['message'] }>({
      name: 'add_message',
      text: `with known as (
               select seq, id, text from message where workspace_id = $1 and thread = $2 and key = $5
             ), told as (
               update thread set last_seq = last_seq + 1, updated_at = clock_timestamp()
               where workspace_id = $1 and id = $2 and flow_id = $6 and ($7::text is null or link = $7)
                 and not exists (select from known)
               returning last_seq
             ), added as (
               insert into message (workspace_id, thread, seq, id, role, text, delivered, key)
               select $1, $2, last_seq, $3, 'user', $4, false, $5 from told
               on conflict do nothing returning seq, id, text
             )
             select ${threadColumns(`${undelivered} union all select * from added`)},
               (select json_build_object('seq', m.seq, 'id', m.id, 'text', m.text)
                from (select * from known union all select * from added) as m) as added
             from thread t left join run r on r.id = t.run and r.workspace_id = t.workspace_id
             where t.workspace_id = $1 and t.id = $2`,
      values: [workspaceId, threadId, message.id, message.text, message.key, meant.flowId, meant.link],
    })
  let [row] = (await add()).rows
  // Twice: of two with one key in the same moment the later one finds the first by looking again.
  if (row && row.added === null && message.key !== null) [row] = (await add()).rows
  if (!row) return null
  const { added, ...thread } = row
  return { thread, message: added }
}

/** How far the run's history is known, and what it says. */
export interface Heard {
  run: string
  seenSeq: number
  asks: readonly OpenAsk[]
  going: boolean
  spoken: readonly Spoken[]
}

export type Reply = Pick<StoredMessage, 'seq' | 'id' | 'text' | 'turn' | 'tokens' | 'result'>

/**
 * Writes down what the run has said since the thread was read, and ends the turn when it is the user's again. Gives all that
 * the assistant has said to the message that was being answered; null when somebody else was quicker.
 */
export async function noteHeard(
  db: Database,
  workspaceId: string,
  of: Pick<StoredThread, 'id' | 'seenSeq' | 'turn'>,
  heard: Heard,
): Promise<Reply[] | null> {
  const isOver = !heard.going || heard.asks.length > 0
  const lastReply = heard.spoken.findLastIndex(({ role }) => role === 'assistant')
  /** Of the user's message before, from 1 among those that are added now; null: it is stored already. */
  let after: number | null = null
  const messages = heard.spoken.map((one, index) => {
    if (one.role === 'assistant') return { ...one, after, isLast: index === lastReply }
    after = index + 1
    return { ...one, after: null, isLast: false }
  })
  const result = await db.pool.query<{ replies: Reply[] | null }>({
    name: 'note_heard',
    text: `with spent as (
             -- Since the last time.
             select case when $10 then greatest(0, coalesce(r.tokens, 0) - h.run_tokens) else 0 end as tokens
             from thread h left join run r on r.id = $3 and r.workspace_id = $1
             where h.workspace_id = $1 and h.id = $2
           ), t as (
             update thread set seen_seq = $5, asks = $6::json, going = $7, last_seq = last_seq + $9,
               -- What was answered elsewhere is what is being answered now.
               turn = case when $8 then null else coalesce(last_seq + $13::int, turn) end,
               tokens = thread.tokens + spent.tokens, run_tokens = run_tokens + spent.tokens,
               updated_at = case when $9 > 0 then clock_timestamp() else updated_at end
             from spent
             where workspace_id = $1 and id = $2 and run = $3 and seen_seq = $4
             returning last_seq, spent.tokens
           ), added as (
             insert into message (workspace_id, thread, seq, id, role, text, turn, delivered, run, event, tokens, result)
             select $1, $2, t.last_seq - $9 + m.position, (m.one->>'id')::uuid, m.one->>'role', m.one->>'text',
               -- Said by itself, it belongs behind what was answered last, not behind what was said meanwhile.
               case when m.one->>'role' = 'assistant' then coalesce(
                 t.last_seq - $9 + (m.one->>'after')::int, $11,
                 (select max(seq) from message where workspace_id = $1 and thread = $2 and role = 'user' and delivered)
               ) end, true, $3,
               (m.one->>'event')::int, case when (m.one->>'isLast')::boolean then t.tokens else 0 end,
               nullif(m.one->'result', 'null')::json
             from t, (select value as one, ordinality::int as position
                      from jsonb_array_elements($12::jsonb) with ordinality) as m
             on conflict do nothing
             returning seq, id, text, turn, tokens, result
           )
           select (select json_agg(m order by m.seq) from (
             select seq, id, text, turn, tokens, result from message
             where workspace_id = $1 and thread = $2 and turn = $11::int
             union all select * from added where turn = $11::int
           ) as m) as replies
           from t`,
    values: [
      workspaceId,
      of.id,
      heard.run,
      of.seenSeq,
      heard.seenSeq,
      JSON.stringify(heard.asks),
      heard.going,
      isOver,
      heard.spoken.length,
      lastReply >= 0,
      of.turn,
      JSON.stringify(messages),
      after,
    ],
  })
  const [row] = result.rows
  return row ? (row.replies ?? []) : null
}

/** Answers a message without any run: it could not be taken as it is, and may be said otherwise. */
export async function replyTo(
  db: Database,
  workspaceId: string,
  threadId: string,
  reply: { turn: number; id: string; text: string; result: JsonObject },
): Promise<void> {
  await db.pool.query(
    `with said as (
       update message set delivered = true
       where workspace_id = $1 and thread = $2 and seq = $3 and not delivered returning seq
     ), t as (
       update thread set last_seq = last_seq + 1, updated_at = clock_timestamp()
       where workspace_id = $1 and id = $2 and exists (select from said) returning last_seq
     )
     insert into message (workspace_id, thread, seq, id, role, text, turn, delivered, result)
     select $1, $2, last_seq, $4, 'assistant', $5, $3, true, $6 from t`,
    [workspaceId, threadId, reply.turn, reply.id, reply.text, JSON.stringify(reply.result)],
  )
}

const columns = 'seq, id, role, text, turn, run, tokens, result, at'

/** In the order in which they were said, each answer behind what it answers; the newest `limit` of those after `afterSeq`. */
export async function listMessages(
  db: Database,
  workspaceId: string,
  threadId: string,
  { afterSeq = 0, limit = 500 }: { afterSeq?: number; limit?: number } = {},
): Promise<StoredMessage[]> {
  const result = await db.pool.query<StoredMessage>({
    name: 'list_messages',
    text: `select * from (
             select ${columns} from message where workspace_id = $1 and thread = $2 and seq > $3
             order by coalesce(turn, seq) desc, seq desc limit $4
           ) as newest order by coalesce(turn, seq), seq`,
    values: [workspaceId, threadId, afterSeq, limit],
  })
  return result.rows
}

/** What the assistant has said to one message of the user. */
export async function listReplies(
  db: Database,
  workspaceId: string,
  threadId: string,
  turn: number,
): Promise<Reply[]> {
  const result = await db.pool.query<Reply>({
    name: 'list_replies',
    text: `select seq, id, text, turn, tokens, result from message
           where workspace_id = $1 and thread = $2 and seq > $3 and turn = $3 order by seq`,
    values: [workspaceId, threadId, turn],
  })
  return result.rows
}
