import { randomUUID } from 'node:crypto'
import type { Database } from '@/db/client'
import { addMessage, openThread } from '@/db/messages'
import { findOpening, noSuchThread, type NewThread, type StoredThread } from '@/db/threads'
import { isUuid } from '@/db/uuid'
import { RequestError } from '../request-error'
import { keyReused } from '../reused-key'
import type { TalkFor } from './talk'

/** What a user says. */
export interface Saying {
  workspaceId: string
  flow: string
  /** Goes on with this conversation; without it a new one begins. */
  thread?: string
  /** When there is no such conversation, it begins with that id: a UUID, as random as they are made. */
  mayBegin?: boolean
  text: string
  /** Of whom the conversation is; only when a new one begins. */
  person: string | null
  /** Its runs are of the draft. */
  draft?: boolean
  /** The link by which it came: one that is not its own does not lead to a conversation. */
  link: string | null
  /** A second message with the same key is the first one again: of the conversation, or of those that begin one. */
  key: string | null
}

/** A message that is stored. */
export interface Accepted {
  /** Of the conversation. */
  id: string
  /** The message's number in it, and its id. */
  seq: number
  message: string
  /** How the conversation stood when the message came; null when that is still to be read. */
  thread: StoredThread | null
}

const titleLength = 80

export const titleOf = (text: string) => text.trim().replace(/\s+/g, ' ').slice(0, titleLength)

/** Gives what begins or goes on with a conversation. It throws what `say` does. */
export function createAcceptance(db: Database, talkFor: TalkFor): (saying: Saying) => Promise<Accepted> {
  async function accept(saying: Saying): Promise<Accepted> {
    const { workspaceId, flow, text, key, link } = saying
    if (saying.thread === undefined) return open(saying, randomUUID(), key)
    const message = { id: randomUUID(), text, key }
    const added = await addMessage(db, workspaceId, saying.thread, { flowId: flow, link }, message)
    if (!added) {
      if (!saying.mayBegin || !isUuid(saying.thread)) throw noSuchThread(saying.thread)
      return open(saying, saying.thread, null)
    }
    const { thread } = added
    if (thread.link !== link && link !== null) throw noSuchThread(thread.id)
    if (thread.flowId !== flow) {
      throw new RequestError(
        409,
        'wrong_flow',
        `Conversation ${thread.id} is one with the flow ${thread.flowId}. Leave thread_id out to begin another.`,
      )
    }
    if (!added.message) throw new Error(`The message of conversation ${thread.id} was not stored.`)
    if (added.message.text !== text) throw keyReused(key ?? '')
    return { id: thread.id, seq: added.message.seq, message: added.message.id, thread }
  }

  async function open(saying: Saying, id: string, openingKey: string | null): Promise<Accepted> {
    const { workspaceId, flow, text, key, person, link, draft = false } = saying
    await talkFor(workspaceId, flow, { draft, link })
    const title = titleOf(text)
    const begun = { id, flowId: flow, draft, person, link, title }
    const message = { id: randomUUID(), text, key }
    if (await openThread(db, workspaceId, { ...begun, openingKey }, message))
      return { id, seq: 1, message: message.id, thread: newThread(begun, { seq: 1, ...message }) }
    // Begun in this very moment, with this id or this key.
    return openingKey === null ? accept(saying) : begunBefore(saying, openingKey)
  }

  /** The conversation that an earlier request with this key has begun, when it said the same. */
  async function begunBefore(saying: Saying, openingKey: string): Promise<Accepted> {
    const { workspaceId, flow, text, person, draft = false } = saying
    const begun = await findOpening(db, workspaceId, openingKey)
    // Deleted, or a day old, since it was in the way.
    if (!begun) return accept(saying)
    const isSame =
      begun.flowId === flow && begun.text === text && begun.person === person && begun.draft === draft
    if (!isSame) throw keyReused(openingKey)
    return { id: begun.id, seq: 1, message: begun.message, thread: null }
  }

  return accept
}

/** How a conversation stands that was just begun by a message. */
function newThread(begun: NewThread, message: NonNullable<StoredThread['next']>): StoredThread {
  return {
    ...begun,
    lastSeq: message.seq,
    turn: null,
    run: null,
    seenSeq: 0,
    asks: [],
    going: false,
    tokens: 0,
    runTokens: 0,
    updatedAt: new Date(),
    runSeq: null,
    said: null,
    next: { seq: message.seq, id: message.id, text: message.text },
  }
}
