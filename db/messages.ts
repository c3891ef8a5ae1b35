import type { JsonObject } from '@/flow/json'
import type { OpenAsk } from '@/flow/run/asking'
import type { Database } from './client'
import type { NewThread, StoredThread } from './threads'

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

/** Adds what the user says; gives it, or the message that its key was used for before. */
export async function addMessage(
  db: Database,
  workspaceId: string,
  threadId: string,
  message: NewMessage,
): Promise<{ seq: number; id: string; text: string }> {
  const add = () =>
    db.pool.query<{ seq: number; id: string; text: string }>({
      name: 'add_message',
      text: `with known as (
               select seq, id, text from message where workspace_id = $1 and thread = $2 and key = $5
             ), t as (
               update thread set last_seq = last_seq + 1, updated_at = clock_timestamp()
               where workspace_id = $1 and id = $2 and not exists (select from known) returning last_seq
             ), added as (
               insert into message (workspace_id, thread, seq, id, role, text, delivered, key)
               select $1, $2, last_seq, $3, 'user', $4, false, $5 from t
               on conflict do nothing returning seq, id, text
             )
             select * from known union all select * from added`,
      values: [workspaceId, threadId, message.id, message.text, message.key],
    })
  // Twice: of two with one key in the same moment the later one finds the first by looking again.
  const row = (await add()).rows[0] ?? (await add()).rows[0]
  if (!row) throw new Error(`The message of thread ${threadId} was not stored.`)
  return row
}

/** How far the run's history is known, and what it says. */
export interface Heard {
  run: string
  seenSeq: number
  asks: readonly OpenAsk[]
  going: boolean
  spoken: readonly Spoken[]
  /** Tokens that the run has spent since the last time. */
  tokens: number
}

/**
 * Writes down what the run has said since the thread was read, and ends the turn when it is the user's again. False when
 * somebody else was quicker.
 */
export async function noteHeard(
  db: Database,
  workspaceId: string,
  of: Pick<StoredThread, 'id' | 'seenSeq' | 'turn'>,
  heard: Heard,
): Promise<boolean> {
  const isOver = !heard.going || heard.asks.length > 0
  const lastReply = heard.spoken.findLastIndex(({ role }) => role === 'assistant')
  /** Of the user's message before, from 1 among those that are added now; null: it is stored already. */
  let after: number | null = null
  const messages = heard.spoken.map((one, index) => {
    if (one.role === 'assistant') return { ...one, after, tokens: index === lastReply ? heard.tokens : 0 }
    after = index + 1
    return { ...one, after: null, tokens: 0 }
  })
  const result = await db.pool.query({
    name: 'note_heard',
    text: `with t as (
             update thread set seen_seq = $5, asks = $6::json, going = $7, last_seq = last_seq + $9,
               -- What was answered elsewhere is what is being answered now.
               turn = case when $8 then null else coalesce(last_seq + $13::int, turn) end,
               tokens = tokens + $10, run_tokens = run_tokens + $10,
               updated_at = case when $9 > 0 then clock_timestamp() else updated_at end
             where workspace_id = $1 and id = $2 and run = $3 and seen_seq = $4 returning last_seq
           ), added as (
             insert into message (workspace_id, thread, seq, id, role, text, turn, delivered, run, event, tokens, result)
             select $1, $2, t.last_seq - $9 + m.position, (m.one->>'id')::uuid, m.one->>'role', m.one->>'text',
               -- Said by itself, it belongs behind what was answered last, not behind what was said meanwhile.
               case when m.one->>'role' = 'assistant' then coalesce(
                 t.last_seq - $9 + (m.one->>'after')::int, $11,
                 (select max(seq) from message where workspace_id = $1 and thread = $2 and role = 'user' and delivered)
               ) end, true, $3,
               (m.one->>'event')::int, (m.one->>'tokens')::int, nullif(m.one->'result', 'null')::json
             from t, (select value as one, ordinality::int as position
                      from jsonb_array_elements($12::jsonb) with ordinality) as m
             on conflict do nothing
           )
           select from t`,
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
      lastReply < 0 ? 0 : heard.tokens,
      of.turn,
      JSON.stringify(messages),
      after,
    ],
  })
  return result.rowCount === 1
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
): Promise<StoredMessage[]> {
  const result = await db.pool.query<StoredMessage>({
    name: 'list_replies',
    text: `select ${columns} from message
           where workspace_id = $1 and thread = $2 and seq > $3 and turn = $3 order by seq`,
    values: [workspaceId, threadId, turn],
  })
  return result.rows
}
