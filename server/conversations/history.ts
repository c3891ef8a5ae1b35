import { listMessages } from '@/db/messages'
import type { Database } from '@/db/client'
import { isUuid } from '@/db/uuid'

/**
 * What was said in a conversation before the message that is being answered, oldest first, `limit` messages at most. Nothing
 * for a thread that is none of this workspace's.
 */
export async function readHistory(
  db: Database,
  workspaceId: string,
  thread: string,
  limit: number,
): Promise<{ role: 'user' | 'assistant'; text: string }[]> {
  if (!isUuid(thread)) return []
  // The unanswered ones at the end come on top: no more of them wait than this.
  const messages = await listMessages(db, workspaceId, thread, { limit: limit + 20 })
  const answered = messages.findLastIndex(({ role }) => role === 'assistant') + 1
  return messages
    .slice(0, answered)
    .filter(({ text }) => text !== '')
    .slice(-limit)
    .map(({ role, text }) => ({ role, text }))
}
