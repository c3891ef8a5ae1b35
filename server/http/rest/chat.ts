import { z } from 'zod'
import { listMessages } from '@/db/messages'
import { deleteThread, listThreads, noSuchThread } from '@/db/threads'
import type { App } from '../../app'
import type { Reply } from '../../conversations/reply'
import { memoryOf } from '../../conversations/memory'
import { messagesOf, threadOf } from '../../conversations/view'
import { route } from '../route'
import { streamReply } from './chat-stream'

const answerWithinMs = 110_000

export const chatRoutes = [
  route({
    method: 'POST',
    path: '/chat',
    summary:
      'Says something in a conversation with a flow and gives its answer. `Accept: text/event-stream` gives it as it is written.',
    role: 'user',
    body: z.strictObject({
      user_prompt: z.string().min(1).max(100_000),
      conversation_flow: z.string().min(1).max(64).meta({ description: 'Id of a flow with a Chat trigger.' }),
      thread_id: z.string().max(64).nullish().meta({ description: 'Goes on with this conversation.' }),
      user: z.string().min(1).max(200).nullish().meta({
        description: 'Of whom the conversation is; you when not said. Counts when a conversation begins.',
      }),
      version: z
        .enum(['live', 'draft'])
        .default('live')
        .meta({ description: 'Which version runs; the draft also while nothing is published.' }),
    }),
    answers: {
      200: '`{thread_id, message_id, agent_response, token_count, max_token_count, memory_summary, status, prompt_guidance?, next_action?, error?}`',
      202: 'The answer takes longer: `status` is `running`, and it will be among the messages of the thread.',
      404: 'No such flow or thread.',
      409: 'The conversation is one with another flow (`wrong_flow`).',
      422: 'The flow has no Chat trigger (`not_a_conversation`), or has errors (`invalid_flow`); or the `Idempotency-Key` was used for another message (`idempotency_key_reused`).',
      429: 'Too many messages of this conversation wait for their answers (`thread_busy`).',
    },
    async handle({ app, caller, body, request }) {
      const saying = {
        workspaceId: caller.workspaceId,
        flow: body.conversation_flow,
        ...(body.thread_id ? { thread: body.thread_id } : {}),
        text: body.user_prompt,
        person: body.user ?? caller.user.email,
        draft: body.version === 'draft',
        link: null,
        key: request.headers.get('idempotency-key'),
      }
      const written = (reply: Reply) => writtenOf(app, caller.workspaceId, reply)
      if (request.headers.get('accept')?.includes('text/event-stream'))
        return streamReply(app, saying, answerWithinMs, written)
      const reply = await app.conversations.say(saying, { limitMs: answerWithinMs })
      return Response.json(await written(reply), { status: reply.status === 'running' ? 202 : 200 })
    },
  }),

  route({
    method: 'GET',
    path: '/chat/threads',
    summary: 'Conversations, the newest first.',
    role: 'guest',
    query: z.strictObject({
      flow: z.string().max(64).optional(),
      user: z.string().max(200).optional(),
      cursor: z.iso.datetime().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answers: { 200: '`{items: [{id, flow, user, title, messages, createdAt, updatedAt}], cursor}`' },
    async handle({ app, caller, query: { flow, user, cursor, limit } }) {
      const before = cursor === undefined ? undefined : new Date(cursor)
      const filter = { flowId: flow, person: user, before, limit: limit + 1 }
      const found = await listThreads(app.db, caller.workspaceId, filter)
      const items = found.slice(0, limit)
      return Response.json({
        items: items.map((row) => ({
          ...row,
          flowId: undefined,
          flow: row.flowId,
          person: undefined,
          user: row.person,
        })),
        cursor: found.length > limit ? (items.at(-1)?.updatedAt ?? null) : null,
      })
    },
  }),

  route({
    method: 'GET',
    path: '/chat/threads/:thread',
    summary: 'A conversation with its messages.',
    role: 'guest',
    answers: {
      200: '`{id, flow, user, title, status, tokens, run, messages: [{id, seq, role, text, run, tokens, at, result}]}`',
    },
    async handle({ app, caller, params }) {
      const id = params.thread ?? ''
      const thread = await app.conversations.settle(caller.workspaceId, id)
      const messages = await listMessages(app.db, caller.workspaceId, id)
      return Response.json({ ...threadOf(thread), messages: messagesOf(messages) })
    },
  }),

  route({
    method: 'DELETE',
    path: '/chat/threads/:thread',
    summary:
      'Deletes a conversation, its messages and what was remembered for it. A run that waits in it is stopped.',
    role: 'user',
    answers: { 204: 'It is gone.' },
    async handle({ app, caller, params }) {
      const { workspaceId, user } = caller
      const id = params.thread ?? ''
      const { run, going } = await app.conversations.settle(workspaceId, id)
      if (run !== null && going) {
        await app.runtime.cancel({
          workspaceId,
          runId: run,
          by: user.email,
          reason: 'Its conversation was deleted.',
        })
      }
      if (!(await deleteThread(app.db, workspaceId, id))) throw noSuchThread(id)
      return new Response(null, { status: 204 })
    },
  }),
]

/** A reply in the words of this API. A context that nobody knows is 0. */
async function writtenOf(app: App, workspaceId: string, reply: Reply) {
  const memory = await memoryOf(app, workspaceId, reply.threadId)
  return {
    thread_id: reply.threadId,
    message_id: reply.messageId,
    agent_response: reply.text,
    token_count: reply.tokens,
    max_token_count: memory?.contextTokens ?? 0,
    memory_summary: memory?.summary ?? reply.summary,
    status: reply.status,
    ...(reply.guidance === undefined ? {} : { prompt_guidance: reply.guidance }),
    ...(reply.next === undefined ? {} : { next_action: reply.next }),
    ...(reply.error === undefined ? {} : { error: reply.error }),
  }
}
