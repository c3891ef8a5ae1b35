import { randomUUID } from 'node:crypto'
import { addToFlowContext, readFlowContext } from '@/db/flow-contexts'
import { addMessage, listReplies, noteHeard, openThread, replyTo, type StoredMessage } from '@/db/messages'
import type { Database } from '@/db/client'
import { NotFoundError } from '@/db/errors'
import { listTalk } from '@/db/events'
import { isUuid } from '@/db/uuid'
import {
  answerByMessage,
  beginTurn,
  dropAsk,
  findOpening,
  getThread,
  noSuchThread,
  type StoredThread,
} from '@/db/threads'
import { explain } from '../explain'
import type { Logger } from '../log'
import { RequestError } from '../request-error'
import { keyReused } from '../reused-key'
import type { LoadedVersion } from '../runtime/versions'
import type { Runtime, RunResult } from '../runtime/runtime'
import { answerOf } from './answer'
import { newsOf } from './heard'
import { createTalks, talkOf, type Talk } from './talk'
import { createUpkeep } from './upkeep'

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

/** How a conversation stands after a message. */
export interface Reply {
  threadId: string
  /** Of what the assistant said last; of the user's own message while nothing was said. */
  messageId: string
  /** Markdown. */
  text: string
  tokens: number
  /** What the conversation is about, in a line. */
  summary: string
  /** `waiting` for the next message, `completed`, `failed`, `running` when it takes longer; or what the flow says. */
  status: string
  guidance?: string
  next?: string
  error?: { code: string; message: string; step: string | null }
}

interface Listening {
  /** How long to wait for the answer. */
  limitMs: number
  /** The message is stored: from now on nothing can lose it. */
  onAccepted?: (accepted: { thread: string; message: string }) => void
  /** Told which run answers. */
  onRun?: (run: string) => void
  /** Told the answer in pieces, as it is written. */
  onText?: (chunk: string) => void
}

export interface Conversations {
  /**
   * Throws NotFoundError, InvalidFlowError, and RequestError `not_a_conversation`, `wrong_flow`, `thread_busy`,
   * `idempotency_key_reused`.
   */
  say(saying: Saying, listening: Listening): Promise<Reply>
  /** Brings what is stored of a conversation up to what its runs have said. Throws NotFoundError. */
  settle(workspaceId: string, thread: string): Promise<StoredThread>
  stop(): Promise<void>
}

/** Messages of one conversation that may wait for their turn. */
const waitingAtMost = 20
/** How often whoever waits looks by itself. */
const lookMs = 1_000
const titleLength = 80

export function createConversations(parts: {
  db: Database
  runtime: Runtime
  log: Logger
  /** Conversations that nobody went on with for longer are deleted. */
  keepMs: number
}): Conversations {
  const { db, runtime, log } = parts
  const talkOfRun = createTalks(db)
  /** What is done with a conversation here is done one thing after the other. */
  const chains = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, number>()
  let isStopping = false

  function inOrder<T>(thread: string, work: () => Promise<T>): Promise<T> {
    const mine = (chains.get(thread) ?? Promise.resolve()).then(work, work)
    chains.set(thread, mine)
    const forget = () => {
      if (chains.get(thread) === mine) chains.delete(thread)
    }
    mine.then(forget, forget)
    return mine
  }

  /** The live version; the draft when it is wanted, or while nothing is published and no stranger talks. */
  async function versionFor(
    workspaceId: string,
    flow: string,
    { draft, link }: { draft: boolean; link: string | null },
  ): Promise<{ version: 'live' | 'draft'; loaded: LoadedVersion; talk: Talk }> {
    let version: 'live' | 'draft' = draft ? 'draft' : 'live'
    let loaded: LoadedVersion
    try {
      loaded = await runtime.version(workspaceId, flow, version)
    } catch (error) {
      if (!(error instanceof NotFoundError) || draft || link !== null) throw error
      version = 'draft'
      loaded = await runtime.version(workspaceId, flow, version)
    }
    const talk = talkOf(loaded.document)
    if (talk.trigger !== null) return { version, loaded, talk }
    throw new RequestError(
      422,
      'not_a_conversation',
      `Flow ${flow} does not begin with a message. Add a Chat trigger to it.`,
    )
  }

  async function threadOf({ workspaceId, mayBegin }: Saying, id: string): Promise<StoredThread | null> {
    try {
      return await getThread(db, workspaceId, id)
    } catch (error) {
      if (error instanceof NotFoundError && mayBegin && isUuid(id)) return null
      throw error
    }
  }

  /** Begins or goes on with a conversation; gives the number of the message in it. */
  async function accept(saying: Saying): Promise<{ thread: string; seq: number; id: string }> {
    const { workspaceId, flow, text, key, person, link, draft = false } = saying
    const id = randomUUID()
    const openingKey = saying.thread === undefined ? key : null
    const known = saying.thread === undefined ? null : await threadOf(saying, saying.thread)
    if (known === null) {
      await versionFor(workspaceId, flow, { draft, link })
      const thread = saying.thread ?? randomUUID()
      const title = text.trim().replace(/\s+/g, ' ').slice(0, titleLength)
      const begun = { id: thread, flowId: flow, draft, person, link, title, openingKey }
      if (await openThread(db, workspaceId, begun, { id, text, key })) return { thread, seq: 1, id }
    }
    if (openingKey !== null) return begunBefore(saying, openingKey)
    const thread = known ?? (await getThread(db, workspaceId, saying.thread ?? ''))
    if (thread.link !== link && link !== null) throw noSuchThread(thread.id)
    if (thread.flowId !== flow) {
      throw new RequestError(
        409,
        'wrong_flow',
        `Conversation ${thread.id} is one with the flow ${thread.flowId}. Leave thread_id out to begin another.`,
      )
    }
    const added = await addMessage(db, workspaceId, thread.id, { id, text, key })
    if (added.text !== text) throw keyReused(key ?? '')
    return { thread: thread.id, seq: added.seq, id: added.id }
  }

  /** The conversation that an earlier request with this key has begun, when it said the same. */
  async function begunBefore(
    saying: Saying,
    openingKey: string,
  ): Promise<{ thread: string; seq: number; id: string }> {
    const { workspaceId, flow, text, person, draft = false } = saying
    const begun = await findOpening(db, workspaceId, openingKey)
    // Deleted, or a day old, since it was in the way.
    if (!begun) return accept(saying)
    const isSame =
      begun.flowId === flow && begun.text === text && begun.person === person && begun.draft === draft
    if (!isSame) throw keyReused(openingKey)
    return { thread: begun.id, seq: 1, id: begun.message }
  }

  /** Takes what the newest run has said into the conversation. Null when somebody else was quicker: read it again. */
  async function hear(workspaceId: string, thread: StoredThread): Promise<StoredThread | null> {
    const { run, runSeq, seenSeq, turn } = thread
    if (run === null || (runSeq !== null && runSeq <= seenSeq)) return thread
    if (runSeq === null && !thread.going) return thread
    const events = runSeq === null ? [] : await listTalk(db, workspaceId, run, seenSeq)
    const news = newsOf(thread, events, thread.said)
    // A run that was deleted says nothing more.
    const going = runSeq !== null && news.going
    const asks = going ? news.asks : []
    if (Object.keys(news.patch).length > 0) {
      const subject = subjectOf(await talkOfRun(workspaceId, run), thread)
      if (subject !== null) await addToFlowContext(db, workspaceId, thread.flowId, subject, news.patch)
    }
    const noted = await noteHeard(db, workspaceId, thread, {
      run,
      seenSeq: Math.max(news.lastSeq, runSeq ?? seenSeq),
      asks,
      going,
      spoken: news.spoken.map((one) => ({ ...one, id: randomUUID() })),
      tokens: Math.max(0, thread.spentTokens - thread.runTokens),
    })
    // An answer that was given elsewhere is what is being answered now.
    if (!noted || news.spoken.some(({ role }) => role === 'user')) return null
    const seen = Math.max(news.lastSeq, runSeq ?? seenSeq)
    return { ...thread, seenSeq: seen, asks: [...asks], going, turn: !going || asks.length > 0 ? null : turn }
  }

  interface Advanced {
    thread: StoredThread
    /** Of the run that a message was given to: when it has left this process. */
    finished?: Promise<RunResult>
  }

  /** Hears what was said, and gives the next message to whom it is for when it is the user's turn. */
  async function advance(workspaceId: string, id: string): Promise<Advanced> {
    for (;;) {
      const thread = await hear(workspaceId, await getThread(db, workspaceId, id))
      if (!thread) continue
      const { next, turn, going, asks } = thread
      const ask = asks[0]
      if (!next || turn !== null || (going && !ask)) return { thread }
      if (!ask) {
        const finished = await begin(workspaceId, thread, next)
        if (finished) return finished
        continue
      }
      const given = answerOf(ask, next.text)
      if ('refusal' in given) {
        const reply = { turn: next.seq, id: randomUUID(), text: given.refusal, result: { status: 'waiting' } }
        await replyTo(db, workspaceId, id, reply)
      } else if (
        await answerByMessage(db, workspaceId, thread, ask, { seq: next.seq, answer: given.answer })
      ) {
        const rest = { ...thread, turn: next.seq, next: null, asks: asks.slice(1) }
        return { thread: rest, ...(thread.run === null ? {} : await runtime.goOn(thread.run)) }
      } else {
        await dropAsk(db, workspaceId, thread, ask)
        const again = await getThread(db, workspaceId, id)
        // Something else is on its way to it: whoever waits looks again.
        if (
          again.seenSeq === thread.seenSeq &&
          again.runSeq === thread.runSeq &&
          again.asks.length === asks.length
        )
          return { thread }
      }
    }
  }

  /** Starts a run with the message. Null when the message was answered without one. */
  async function begin(
    workspaceId: string,
    thread: StoredThread,
    next: NonNullable<StoredThread['next']>,
  ): Promise<Advanced | null> {
    const { id, flowId, person } = thread
    try {
      const { version, talk } = await versionFor(workspaceId, flowId, thread)
      const subject = subjectOf(talk, thread)
      const started = await runtime.start({
        workspaceId,
        flowId,
        version,
        node: talk.trigger ?? undefined,
        cause: 'chat',
        input: { message: next.text, thread: id, user: person },
        state: subject === null ? {} : await readFlowContext(db, workspaceId, flowId, subject),
        thread: id,
        ...(person === null ? {} : { user: person }),
        idempotencyKey: `message:${next.id}`,
        mode: 'inline',
      })
      await beginTurn(db, workspaceId, id, { seq: next.seq, run: started.runId })
      const begun = { run: started.runId, seenSeq: 0, asks: [], going: true, turn: next.seq, next: null }
      return { thread: { ...thread, ...begun }, finished: started.finished }
    } catch (error) {
      const { status, code, message } = explain(error)
      // Not the message's fault: it stays, and is taken up as soon as that is possible.
      if (status >= 500) throw error
      log.debug({ err: error, thread: id }, 'A message could not begin a run')
      const text = 'This cannot be answered right now. Please try again later.'
      const result = { error: { code, message, step: null } }
      await replyTo(db, workspaceId, id, { turn: next.seq, id: randomUUID(), text, result })
      return null
    }
  }

  async function say(saying: Saying, listening: Listening): Promise<Reply> {
    const { workspaceId } = saying
    const known = saying.thread
    if (known !== undefined && (waiting.get(known) ?? 0) >= waitingAtMost) throw busy()
    const { thread: id, seq, id: messageId } = await accept(saying)
    listening.onAccepted?.({ thread: id, message: messageId })
    waiting.set(id, (waiting.get(id) ?? 0) + 1)
    const endsAt = performance.now() + listening.limitMs
    const ear = createEar(workspaceId, listening)
    try {
      for (;;) {
        const { thread, finished } = await inOrder(id, () => advance(workspaceId, id))
        const isAnswered = thread.turn !== seq && (thread.next === null || thread.next.seq > seq)
        const leftMs = endsAt - performance.now()
        if (isAnswered || leftMs <= 0 || isStopping) {
          const replies = await listReplies(db, workspaceId, id, seq)
          return replyOf(thread, replies, { id: messageId, text: saying.text, isAnswered })
        }
        await ear.listen(thread.run, thread.turn === seq, finished, Math.min(lookMs, leftMs))
      }
    } finally {
      ear.close()
      const left = (waiting.get(id) ?? 1) - 1
      if (left > 0) waiting.set(id, left)
      else waiting.delete(id)
    }
  }

  /** Hears a run while its answer is waited for. */
  function createEar(workspaceId: string, { onRun, onText }: Listening) {
    let toldRun: string | null = null
    let heardRun: string | null = null
    let unlisten: () => void = () => undefined
    let wake: () => void = () => undefined
    let isOurs = false
    let speakers: ReadonlySet<string> = new Set()
    return {
      /** Comes back when there may be news. */
      async listen(
        run: string | null,
        ours: boolean,
        finished: Promise<RunResult> | undefined,
        limitMs: number,
      ) {
        isOurs = ours
        if (ours && run !== null && run !== toldRun) {
          toldRun = run
          onRun?.(run)
        }
        const news = new Promise<void>((resolve) => (wake = resolve))
        if (run !== null && run !== heardRun) {
          unlisten()
          heardRun = run
          unlisten = runtime.listen(run, (told) => {
            if (told.kind === 'text') {
              if (isOurs && onText && speakers.has(nodeOf(told.step))) onText(told.chunk)
            } else if (told.kind !== 'events' || told.events.some(({ type }) => type === 'step_waiting'))
              wake()
          })
          if (onText) speakers = (await talkOfRun(workspaceId, run)).speakers
        }
        const timer = setTimeout(wake, finished ? Math.max(limitMs, lookMs) : limitMs)
        await (finished ? Promise.race([news, finished]) : news)
        clearTimeout(timer)
      },
      close: () => unlisten(),
    }
  }

  const settle = async (workspaceId: string, thread: string) =>
    (await inOrder(thread, () => advance(workspaceId, thread))).thread

  const upkeep = createUpkeep({ ...parts, settle })

  return {
    say,
    settle,
    async stop() {
      isStopping = true
      await upkeep.stop()
      await Promise.allSettled(chains.values())
    },
  }
}

const nodeOf = (step: string) => step.slice(step.lastIndexOf('/') + 1).replace(/#\d+$/, '')

/** Whose state it is that a run begins with; null: nobody's. */
function subjectOf({ remember }: Talk, { id, person }: Pick<StoredThread, 'id' | 'person'>): string | null {
  if (remember === 'nothing') return null
  return remember === 'user' && person !== null ? `user ${person}` : `thread ${id}`
}

function replyOf(
  thread: StoredThread,
  replies: readonly StoredMessage[],
  asked: { id: string; text: string; isAnswered: boolean },
): Reply {
  const last = replies.at(-1)
  const result = last?.result ?? {}
  const { status, guidance, next, error } = result
  const open = thread.asks[0]?.title ?? ''
  const standing = !asked.isAnswered ? 'running' : thread.asks.length > 0 ? 'waiting' : 'completed'
  const latest = asked.text.trim().replace(/\s+/g, ' ').slice(0, titleLength)
  return {
    threadId: thread.id,
    messageId: last?.id ?? asked.id,
    text:
      replies.length > 0
        ? replies
            .map((one) => one.text)
            .filter(Boolean)
            .join('\n\n')
        : open,
    tokens: replies.reduce((sum, one) => sum + one.tokens, 0),
    summary: latest === thread.title ? latest : `${thread.title} … ${latest}`,
    status: typeof status === 'string' ? status : error ? 'failed' : standing,
    ...(typeof guidance === 'string' ? { guidance } : {}),
    ...(typeof next === 'string' ? { next } : {}),
    ...(error ? { error: error as unknown as Reply['error'] } : {}),
  }
}

function busy(): RequestError {
  return new RequestError(
    429,
    'thread_busy',
    `${waitingAtMost} messages of this conversation wait for their answers. Send the next one when they are there.`,
    { headers: { 'Retry-After': '2' } },
  )
}
