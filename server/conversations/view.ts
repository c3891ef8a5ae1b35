import type { StoredMessage } from '@/db/messages'
import type { StoredThread } from '@/db/threads'
import type { JsonObject } from '@/flow/json'

export interface MessageView {
  id: string
  seq: number
  role: 'user' | 'assistant'
  /** Markdown when the assistant says it. */
  text: string
  run: string | null
  tokens: number
  at: string
  result: JsonObject | null
}

export function messagesOf(messages: readonly StoredMessage[]): MessageView[] {
  return messages.map(({ id, seq, role, text, run, tokens, at, result }) => ({
    id,
    seq,
    role,
    text,
    run,
    tokens,
    at: at.toISOString(),
    result,
  }))
}

/** What people who are part of a conversation see of it, and of those who are not, nobody. */
export function threadOf(thread: StoredThread) {
  return {
    id: thread.id,
    flow: thread.flowId,
    user: thread.person,
    title: thread.title,
    status: statusOf(thread),
    tokens: thread.tokens,
    run: thread.run,
  }
}

/** `running`: an answer is on its way; `waiting`: a step asks; `open`: anything can be said. */
export function statusOf({ turn, next, asks }: StoredThread): 'running' | 'waiting' | 'open' {
  if (turn !== null || next !== null) return 'running'
  return asks.length > 0 ? 'waiting' : 'open'
}
