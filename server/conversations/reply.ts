import type { Reply as SaidReply } from '@/db/messages'
import type { StoredThread } from '@/db/threads'
import { titleOf } from './accept'

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

export function replyOf(
  thread: StoredThread,
  replies: readonly SaidReply[],
  asked: { id: string; text: string; isAnswered: boolean },
): Reply {
  const last = replies.at(-1)
  const result = last?.result ?? {}
  const { status, guidance, next, error } = result
  const open = thread.asks[0]?.title ?? ''
  const standing = !asked.isAnswered ? 'running' : thread.asks.length > 0 ? 'waiting' : 'completed'
  const latest = titleOf(asked.text)
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
