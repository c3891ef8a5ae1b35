import { z } from 'zod'
import { readEvents } from './event-stream'

export interface ChatMessage {
  id: string
  role: 'user' | 'assistant'
  /** Markdown when the assistant says it. */
  text: string
  at: string
}

export interface ChatReply {
  threadId: string
  messageId: string
  text: string
  /** `running`: it takes longer, and will be among the messages. */
  status: string
  error?: { code: string; message: string; step: string | null }
}

export interface Outgoing {
  /** Null: a new conversation begins. */
  thread: string | null
  text: string
  /** The same thing said again after a lost connection has the same. */
  key: string
}

/** What happens before the answer is there. */
interface OnTheWay {
  accepted(thread: string): void
  text(chunk: string): void
}

/** How a conversation reaches the server. */
export interface ChatLine {
  /** Throws ChatError. */
  say(message: Outgoing, on: OnTheWay): Promise<ChatReply>
  /** Null when it is not there any more. Throws ChatError. */
  load(thread: string): Promise<{ status: string; messages: ChatMessage[] } | null>
  /** A new thread's id is made here, so that a repeated first message begins no second one; null: the server makes it. */
  newThread(): string | null
}

export class ChatError extends Error {
  override readonly name = 'ChatError'
  constructor(
    message: string,
    /** `offline`: no answer, or not the whole of it: worth another try. */
    readonly code: string,
    readonly isPassing: boolean,
    options: ErrorOptions = {},
  ) {
    super(message, options)
  }
}

const acceptedSchema = z.object({ thread_id: z.string() })
const runSchema = z.object({ run: z.string() })
const textSchema = z.object({ chunk: z.string() })
const replySchema = z.object({
  thread_id: z.string(),
  message_id: z.string(),
  agent_response: z.string(),
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string(), step: z.string().nullable() }).optional(),
})
const errorSchema = z.object({ code: z.string(), message: z.string(), status: z.number().optional() })
const threadSchema = z.object({
  status: z.string(),
  messages: z.array(
    z.object({ id: z.string(), role: z.enum(['user', 'assistant']), text: z.string(), at: z.string() }),
  ),
})

/** By the public link of a flow. */
export function linkLine(token: string): ChatLine {
  const base = `/api/v1/chat/pages/${encodeURIComponent(token)}`
  return {
    newThread: randomUuid,
    say: ({ thread, text, key }, on) => say(`${base}/messages`, { thread, text, key }, {}, on),
    load: (thread) => load(`${base}/threads/${thread}`),
  }
}

/** With the draft, as who is signed in. `beforeSaying` saves it; `onRun` is told which run answers. */
export function draftLine(
  flow: string,
  { beforeSaying, onRun }: { beforeSaying: () => Promise<boolean>; onRun: (run: string) => void },
): ChatLine {
  return {
    newThread: () => null,
    say: async ({ thread, text, key }, on) => {
      if (!(await beforeSaying())) throw new ChatError('The draft could not be saved.', 'not_saved', false)
      const body = { user_prompt: text, conversation_flow: flow, thread_id: thread, version: 'draft' }
      return say('/api/v1/chat', body, { 'Idempotency-Key': key }, { ...on, run: onRun })
    },
    load: (thread) => load(`/api/v1/chat/threads/${thread}`),
  }
}

async function say(
  url: string,
  body: object,
  headers: Record<string, string>,
  on: OnTheWay & { run?: (run: string) => void },
): Promise<ChatReply> {
  const response = await answered(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok || !response.body) throw await refusalOf(response)
  try {
    for await (const { event, data } of readEvents(response.body)) {
      const value: unknown = JSON.parse(data)
      if (event === 'accepted') on.accepted(acceptedSchema.parse(value).thread_id)
      else if (event === 'text') on.text(textSchema.parse(value).chunk)
      else if (event === 'run') on.run?.(runSchema.parse(value).run)
      else if (event === 'reply') {
        const reply = replySchema.parse(value)
        const { thread_id: threadId, message_id: messageId, agent_response: text, status, error } = reply
        return { threadId, messageId, text, status, ...(error ? { error } : {}) }
      } else if (event === 'error') {
        const { code, message, status = 500 } = errorSchema.parse(value)
        throw new ChatError(message, code, status >= 429 && code !== 'internal')
      }
    }
  } catch (cause) {
    throw cause instanceof ChatError ? cause : offline(cause)
  }
  throw offline(null)
}

async function load(url: string): Promise<{ status: string; messages: ChatMessage[] } | null> {
  const response = await answered(url, {})
  if (response.status === 404) return null
  if (!response.ok) throw await refusalOf(response)
  return threadSchema.parse(await response.json())
}

async function answered(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw offline(cause)
  }
}

async function refusalOf(response: Response): Promise<ChatError> {
  const body = z.object({ error: errorSchema }).safeParse(await response.json().catch(() => null))
  const isPassing = response.status === 429 || response.status >= 502
  return body.success
    ? new ChatError(body.data.error.message, body.data.error.code, isPassing)
    : new ChatError(`The server answered ${response.status}.`, 'internal', isPassing)
}

function offline(cause: unknown): ChatError {
  return new ChatError('The connection was lost.', 'offline', true, { cause })
}

/** A UUID by the browser's random numbers, also where a page that is not encrypted has no `randomUUID`. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
