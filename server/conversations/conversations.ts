import { randomUUID } from 'node:crypto'
import { addToFlowContext, readFlowContext } from '@/db/flow-contexts'
import { listReplies, noteHeard, replyTo, type Reply as SaidReply } from '@/db/messages'
import type { Database } from '@/db/client'
import { listTalk } from '@/db/events'
import { answerByMessage, beginTurn, dropAsk, getThread, type StoredThread } from '@/db/threads'
import type { RunEvent } from '@/flow/run/event'
import { explain } from '../explain'
import type { Logger } from '../log'
import { RequestError } from '../request-error'
import type { LeftRun } from '../runtime/run-result'
import type { Runtime } from '../runtime/runtime'
import { createAcceptance, type Saying } from './accept'
import { answerOf } from './answer'
import { createEar, type Listening } from './ear'
import { newsOf } from './heard'
import { replyOf, type Reply } from './reply'
import { createTalks, findTalk, type Talk } from './talk'
import { createUpkeep } from './upkeep'

interface Waiting extends Listening {
  /** How long to wait for the answer. */
  limitMs: number
  /** The message is stored: from now on nothing can lose it. */
  onAccepted?: (accepted: { thread: string; message: string }) => void
}

export interface Conversations {
  /**
   * Throws NotFoundError, InvalidFlowError, and RequestError `not_a_conversation`, `wrong_flow`, `thread_busy`,
   * `idempotency_key_reused`.
   */
  say(saying: Saying, waiting: Waiting): Promise<Reply>
  /** Brings what is stored of a conversation up to what its runs have said. Throws NotFoundError. */
  settle(workspaceId: string, thread: string): Promise<StoredThread>
  stop(): Promise<void>
}

/** A conversation as it was read a moment ago. */
interface Known {
  thread: StoredThread
  /** All of its newest run's history, when that is at hand. */
  history?: readonly RunEvent[]
  /** Id of the message that has just come. */
  message?: string
}

interface Advanced {
  thread: StoredThread
  /** Of the run that a message was given to: when it has left this process. */
  finished?: Promise<LeftRun>
  /** What the assistant has said to a message, when that was just taken from its run. */
  said?: { turn: number | null; replies: SaidReply[] }
}

/** Messages of one conversation that may wait for their turn. */
const waitingAtMost = 20
/** How often whoever waits looks by itself. */
const lookMs = 1_000

export function createConversations(parts: {
  db: Database
  runtime: Runtime
  log: Logger
  /** Conversations that nobody went on with for longer are deleted. */
  keepMs: number
}): Conversations {
  const { db, runtime, log } = parts
  const talkOfRun = createTalks(db)
  const talkFor = findTalk(runtime)
  const accept = createAcceptance(db, talkFor)
  /** What is done with a conversation here is done one thing after the other. */
  const chains = new Map<string, Promise<unknown>>()
  /** How many wait for answers of a conversation here. */
  const waiters = new Map<string, number>()
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

  /** Takes what the newest run has said into the conversation. Null when it is to be read again: it has changed. */
  async function hear(
    workspaceId: string,
    { thread, history }: Known,
  ): Promise<Pick<Advanced, 'thread' | 'said'> | null> {
    const { run, runSeq, seenSeq, turn } = thread
    if (run === null || (runSeq !== null && runSeq <= seenSeq)) return { thread }
    if (runSeq === null && !thread.going) return { thread }
    const events =
      history?.filter(({ seq }) => seq > seenSeq) ??
      (runSeq === null ? [] : await listTalk(db, workspaceId, run, seenSeq))
    const news = newsOf(thread, events, thread.said)
    // A run that was deleted says nothing more.
    const going = runSeq !== null && news.going
    const asks = going ? news.asks : []
    if (Object.keys(news.patch).length > 0) {
      const subject = subjectOf(await talkOfRun(workspaceId, run), thread)
      if (subject !== null) await addToFlowContext(db, workspaceId, thread.flowId, subject, news.patch)
    }
    const seen = Math.max(news.lastSeq, runSeq ?? seenSeq)
    const spoken = news.spoken.map((one) => ({ ...one, id: randomUUID() }))
    const replies = await noteHeard(db, workspaceId, thread, { run, seenSeq: seen, asks, going, spoken })
    // Somebody else was quicker; or an answer that was given elsewhere is what is being answered now.
    if (!replies || news.spoken.some(({ role }) => role === 'user')) return null
    const turnNow = !going || asks.length > 0 ? null : turn
    return {
      thread: { ...thread, seenSeq: seen, asks: [...asks], going, turn: turnNow },
      said: { turn, replies },
    }
  }

  /**
   * Hears what was said, and gives the next message to whom it is for when it is the user's turn. `known` spares reading
   * what was just read: whatever has changed since is noticed when something is to be written.
   */
  async function advance(workspaceId: string, id: string, known?: Known): Promise<Advanced> {
    for (let from = known; ; from = undefined) {
      const heard = await hear(workspaceId, from ?? { thread: await getThread(db, workspaceId, id) })
      if (!heard) continue
      const { thread } = heard
      const { next, turn, going, asks } = thread
      const ask = asks[0]
      if (!next || turn !== null || (going && !ask)) return heard
      if (!ask) {
        const begun = await begin(workspaceId, thread, next, next.id === from?.message)
        if (begun) return begun
        continue
      }
      const given = answerOf(ask, next.text)
      if ('refusal' in given) {
        const reply = { turn: next.seq, id: randomUUID(), text: given.refusal, result: { status: 'waiting' } }
        await replyTo(db, workspaceId, id, reply)
      } else if (
        await answerByMessage(db, workspaceId, thread, ask, { seq: next.seq, answer: given.answer })
      ) {
        const rest = { turn: next.seq, said: next.text, next: null, asks: asks.slice(1) }
        const { finished } = thread.run === null ? {} : await runtime.goOn(thread.run)
        return { thread: { ...thread, ...rest }, ...(finished ? { finished } : {}) }
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
    /** The message has come just now, to this process. */
    isNew: boolean,
  ): Promise<Advanced | null> {
    const { id, flowId, person } = thread
    try {
      const { version, talk } = await talkFor(workspaceId, flowId, thread)
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
        isKeyNew: isNew,
        mode: 'inline',
      })
      await beginTurn(db, workspaceId, id, { seq: next.seq, run: started.runId })
      const answering = { turn: next.seq, said: next.text, next: null }
      const begun = { run: started.runId, seenSeq: 0, asks: [], going: true, ...answering }
      const { finished } = started
      return { thread: { ...thread, ...begun }, ...(finished ? { finished } : {}) }
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

  async function say(saying: Saying, waiting: Waiting): Promise<Reply> {
    const { workspaceId } = saying
    const wanted = saying.thread
    if (wanted !== undefined && (waiters.get(wanted) ?? 0) >= waitingAtMost) throw busy()
    const accepted = await accept(saying)
    const { id, seq, message } = accepted
    waiting.onAccepted?.({ thread: id, message })
    waiters.set(id, (waiters.get(id) ?? 0) + 1)
    const endsAt = performance.now() + waiting.limitMs
    const ear = createEar(runtime, async (run) => (await talkOfRun(workspaceId, run)).speakers, waiting)
    // While somebody else is at it here, what was read is old when it is our turn.
    let known: Known | undefined =
      accepted.thread && !chains.has(id) ? { thread: accepted.thread, message } : undefined
    try {
      for (;;) {
        const { thread, finished, said } = await inOrder(id, () => advance(workspaceId, id, known))
        const isAnswered = thread.turn !== seq && (thread.next === null || thread.next.seq > seq)
        const leftMs = endsAt - performance.now()
        if (isAnswered || leftMs <= 0 || isStopping) {
          const replies = said?.turn === seq ? said.replies : await listReplies(db, workspaceId, id, seq)
          return replyOf(thread, replies, { id: message, text: saying.text, isAnswered })
        }
        const limitMs = finished ? Math.max(leftMs, lookMs) : Math.min(lookMs, leftMs)
        const isOurs = thread.turn === seq
        const left = await ear.listen({ run: thread.run, isOurs, finished, limitMs })
        known = left?.history
          ? { thread: { ...thread, runSeq: left.history.length }, history: left.history }
          : undefined
      }
    } finally {
      ear.close()
      const left = (waiters.get(id) ?? 1) - 1
      if (left > 0) waiters.set(id, left)
      else waiters.delete(id)
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

/** Whose state it is that a run begins with; null: nobody's. */
function subjectOf({ remember }: Talk, { id, person }: Pick<StoredThread, 'id' | 'person'>): string | null {
  if (remember === 'nothing') return null
  return remember === 'user' && person !== null ? `user ${person}` : `thread ${id}`
}

function busy(): RequestError {
  return new RequestError(
    429,
    'thread_busy',
    `${waitingAtMost} messages of this conversation wait for their answers. Send the next one when they are there.`,
    { headers: { 'Retry-After': '2' } },
  )
}
