import { createStore, type StoreApi } from 'zustand/vanilla'
import { ChatError, randomUuid, type ChatLine, type ChatMessage } from './chat-line'

/** What stands between the last message and the next. */
export type ChatPhase =
  | { is: 'open' }
  | { is: 'loading' }
  | { is: 'answering' }
  /** The connection is lost, and tried again by itself. */
  | { is: 'reconnecting' }
  /** The answer takes longer; it is looked for now and then. */
  | { is: 'late' }
  /** The last message was not taken; it can be said again. */
  | { is: 'failed'; message: string }

export interface Conversation {
  thread: string | null
  messages: ChatMessage[]
  /** The answer as far as it is written. */
  writing: string
  phase: ChatPhase
  /** Why the last answer failed, where the one who asks may know. */
  error: { code: string; message: string; step: string | null } | null
  say(text: string): void
  /** Says the last message again, as the same one. */
  again(): void
  /** Forgets the conversation; the next message begins another. */
  restart(): void
  /** Takes up the conversation that was left, if there is one. */
  resume(): void
  /** Nothing of it is shown any more. */
  leave(): void
}

/** Where the thread is kept between visits. */
export interface ThreadMemory {
  read(): string | null
  write(thread: string | null): void
}

/** First soon, then slower; about three minutes in all. */
const retryMs = [500, 1_000, 2_000, 3_000, ...Array.from({ length: 35 }, () => 5_000)]
const lookMs = 3_000
/** How often is looked whether what is asked was answered elsewhere, or is over. */
const watchMs = 5_000

export function createConversation(
  line: ChatLine,
  memory: ThreadMemory,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): StoreApi<Conversation> {
  /** Rises when what is under way does not count any more. */
  let age = 0
  let last: { text: string; key: string } | null = null

  return createStore<Conversation>((set, get) => {
    function keep(thread: string | null): void {
      if (get().thread === thread) return
      memory.write(thread)
      set({ thread })
    }

    async function deliver(said: { text: string; key: string }): Promise<void> {
      const mine = age
      const isOver = () => age !== mine
      const thread = get().thread ?? line.newThread()
      keep(thread)
      set({ phase: { is: 'answering' }, writing: '', error: null })
      for (let attempt = 0; ; attempt++) {
        try {
          const reply = await line.say(
            { ...said, thread: get().thread },
            {
              accepted: (id) => {
                if (!isOver()) keep(id)
              },
              text: (chunk) => {
                if (!isOver()) set({ writing: get().writing + chunk, phase: { is: 'answering' } })
              },
            },
          )
          if (isOver()) return
          keep(reply.threadId)
          if (reply.status === 'running') return void look(mine)
          const { messageId: id, text } = reply
          const answer: ChatMessage = { id, role: 'assistant', text, at: new Date().toISOString() }
          set({
            writing: '',
            phase: { is: 'open' },
            error: reply.error ?? null,
            ...(text === '' ? {} : { messages: [...get().messages, answer] }),
          })
          return void watch(mine, reply.status)
        } catch (error) {
          if (isOver()) return
          const pause = retryMs[attempt]
          const message = error instanceof Error ? error.message : String(error)
          if (!(error instanceof ChatError && error.isPassing) || pause === undefined) {
            set({ writing: '', phase: { is: 'failed', message } })
            return
          }
          set({ writing: '', phase: { is: 'reconnecting' } })
          await wait(pause)
          if (isOver()) return
        }
      }
    }

    /** Reads what is there until nothing more is on its way. */
    async function look(mine: number): Promise<void> {
      for (;;) {
        const { thread } = get()
        if (thread === null || age !== mine) return
        try {
          const found = await line.load(thread)
          if (age !== mine) return
          if (!found) return restart()
          const isRunning = found.status === 'running'
          set({ messages: found.messages.filter(isSaid), phase: { is: isRunning ? 'late' : 'open' } })
          if (!isRunning) return void watch(mine, found.status)
        } catch (error) {
          if (age !== mine) return
          if (error instanceof ChatError && !error.isPassing) {
            set({ phase: { is: 'failed', message: error.message } })
            return
          }
          set({ phase: { is: 'reconnecting' } })
        }
        await wait(lookMs)
      }
    }

    /** While a step asks: somebody may answer it where its run is seen, or its time may be over. */
    async function watch(mine: number, status: string): Promise<void> {
      const isOver = () => age !== mine || get().phase.is !== 'open'
      const watched = get().messages
      for (let standing = status; standing === 'waiting';) {
        await wait(watchMs)
        const { thread } = get()
        if (isOver() || thread === null || get().messages !== watched) return
        const found = await line.load(thread).catch(() => undefined)
        // What cannot be read now is read the next time.
        if (found === undefined) continue
        if (isOver() || get().messages !== watched) return
        if (!found) return restart()
        standing = found.status
        if (standing === 'running' || found.messages.findLast(isSaid)?.id !== watched.at(-1)?.id)
          return void look(mine)
      }
    }

    function restart(): void {
      age++
      last = null
      keep(null)
      set({ messages: [], writing: '', phase: { is: 'open' }, error: null })
    }

    return {
      thread: null,
      messages: [],
      writing: '',
      phase: { is: 'loading' },
      error: null,
      say(text) {
        const key = randomUuid()
        last = { text, key }
        const message: ChatMessage = { id: key, role: 'user', text, at: new Date().toISOString() }
        set({ messages: [...get().messages, message] })
        void deliver(last)
      },
      again() {
        if (last) void deliver(last)
        else get().resume()
      },
      restart,
      resume() {
        const thread = memory.read()
        age++
        set({ thread, phase: { is: thread === null ? 'open' : 'loading' } })
        if (thread !== null) void look(age)
      },
      leave() {
        age++
      },
    }
  })
}

const isSaid = ({ text }: ChatMessage) => text !== ''
