import { z } from 'zod'
import { openChatPage, readStrangersThread, strangerSays, strangersReply } from '../../conversations/page'
import { clientAddressOf } from '../client-address'
import { RequestLimit } from '../limits'
import { publicRoute } from '../route'
import { streamReply } from './chat-stream'

const answerWithinMs = 110_000
const longestMessage = 8_000
const bodyBytes = 64 * 1024

/** Messages of one address in ten seconds: nobody writes more, and each may cost tokens. */
const limit = new RequestLimit(20)

/** What the page behind a chat link is made of; the token in the address is the right to talk. */
export const chatPageRoutes = [
  publicRoute({
    method: 'GET',
    path: '/chat/pages/:token',
    summary: 'What a chat page shows at first. For everyone who has the link.',
    answers: {
      200: '`{name, description, greeting, suggestions}`',
      404: 'The link was revoked (`not_found`), or the flow is not published (`chat_closed`).',
    },
    handle: async ({ app, params }) => Response.json(await openChatPage(app, params.token ?? '')),
  }),

  publicRoute({
    method: 'GET',
    path: '/chat/pages/:token/threads/:thread',
    summary: 'The messages of a conversation that was begun on this page.',
    answers: { 200: '`{status, messages: [{id, role, text, at}]}`' },
    handle: async ({ app, params }) =>
      Response.json(await readStrangersThread(app, params.token ?? '', params.thread ?? '')),
  }),

  publicRoute({
    method: 'POST',
    path: '/chat/pages/:token/messages',
    summary:
      'Says something on a chat page. `thread` is a random UUID of the visitor’s own making; the same `key` says the same thing once. `Accept: text/event-stream` gives the answer as it is written.',
    body: z.strictObject({
      thread: z.uuid(),
      text: z.string().trim().min(1).max(longestMessage),
      key: z.string().min(1).max(100),
    }),
    limitBytes: bodyBytes,
    answers: {
      200: '`{thread_id, message_id, agent_response, status}`',
      202: 'The answer takes longer: `status` is `running`.',
      429: 'Too many messages at once.',
    },
    async handle({ app, params, body, request }) {
      limit.count(clientAddressOf(request))
      const saying = await strangerSays(app, params.token ?? '', body)
      if (request.headers.get('accept')?.includes('text/event-stream'))
        return streamReply(app, saying, answerWithinMs, strangersReply)
      const reply = strangersReply(await app.conversations.say(saying, { limitMs: answerWithinMs }))
      return Response.json(reply, { status: reply.status === 'running' ? 202 : 200 })
    },
  }),
]
