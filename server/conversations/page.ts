import { listMessages } from '@/db/messages'
import { openShareLink } from '@/db/share-links'
import { noSuchThread } from '@/db/threads'
import { NotFoundError } from '@/db/errors'
import type { App } from '../app'
import { RequestError } from '../request-error'
import type { Saying } from './accept'
import type { Reply } from './reply'
import { talkOf } from './talk'
import { statusOf } from './view'

/** What the chat page of a flow shows before anyone has written. */
export interface ChatPageView {
  name: string
  description: string
  greeting: string
  suggestions: string[]
}

type PageApp = Pick<App, 'db' | 'runtime' | 'conversations'>

/** For people without an account: the token is the right to talk. Throws NotFoundError, and RequestError `chat_closed`. */
export async function openChatPage(app: PageApp, token: string): Promise<ChatPageView> {
  const { workspaceId, flowId } = await openShareLink(app.db, token, 'chat')
  const { document } = await app.runtime.version(workspaceId, flowId, 'live').catch((error: unknown) => {
    throw error instanceof NotFoundError ? closed() : error
  })
  const { trigger, greeting, suggestions } = talkOf(document)
  if (trigger === null) throw closed()
  return { name: document.name || document.id, description: document.description, greeting, suggestions }
}

/** What a stranger says is taken from the token alone: nobody in particular talks, in a conversation of that link. */
export async function strangerSays(
  app: PageApp,
  token: string,
  message: { thread: string; text: string; key: string },
): Promise<Saying> {
  const { workspaceId, flowId } = await openShareLink(app.db, token, 'chat')
  return { ...message, workspaceId, flow: flowId, mayBegin: true, person: null, link: token }
}

/** The conversation without what is the workspace's alone: which runs, why something failed, how much was spent. */
export async function readStrangersThread(app: PageApp, token: string, id: string) {
  const { workspaceId } = await openShareLink(app.db, token, 'chat')
  const thread = await app.conversations.settle(workspaceId, id)
  if (thread.link !== token) throw noSuchThread(id)
  const messages = await listMessages(app.db, workspaceId, id)
  return {
    status: statusOf(thread),
    messages: messages.map(({ id: message, role, text, at }) => ({
      id: message,
      role,
      text,
      at: at.toISOString(),
    })),
  }
}

/** A reply as a stranger sees it. */
export function strangersReply(reply: Reply) {
  const { threadId, messageId, text, status } = reply
  return { thread_id: threadId, message_id: messageId, agent_response: text, status }
}

function closed(): RequestError {
  return new RequestError(404, 'chat_closed', 'Nobody answers here at the moment. The flow is not published.')
}
