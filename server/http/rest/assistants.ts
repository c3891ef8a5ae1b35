import { z } from 'zod'
import type { FlowChange } from '@/db/assistants'
import { jsonObjectSchema } from '@/flow/json'
import {
  addAssistant,
  assistantChangeSchema,
  changeAssistant,
  dropAssistant,
  flowChangeSchema,
  listCards,
  newAssistantSchema,
  readSession,
  reportAssistant,
  takeFlowOut,
  turnFlow,
  userKindSchema,
  viewAssistant,
} from '../../assistants/assistants'
import { callFunction } from '../../assistants/calls'
import { conversationSchema, converse, type CalledFunction } from '../../assistants/converse'
import { sessionFormats } from '../../assistants/session'
import { route, type SignedCall } from '../route'

const longestWaitSeconds = 300
const usualWaitSeconds = 30

const forKind = z.strictObject({
  userKind: userKindSchema
    .optional()
    .meta({ description: 'Flows that are on for this kind of user count too.' }),
})

async function turn(
  { app, caller, params }: Pick<SignedCall<unknown, unknown>, 'app' | 'caller' | 'params'>,
  change: Omit<FlowChange, 'flow'>,
): Promise<Response> {
  const { id = '', flow = '' } = params
  await turnFlow(app, caller, id, { flow, ...change })
  return Response.json(await viewAssistant(app, caller.workspaceId, id))
}

export const assistantRoutes = [
  route({
    method: 'GET',
    path: '/assistants',
    summary: 'The assistants of the workspace, by name.',
    role: 'guest',
    answers: {
      200: '`{items: [{id, name, instruction, flows, active, updatedAt}], cursor: null}`: `flows` and `active` are counts.',
    },
    handle: async ({ app, caller }) =>
      Response.json({ items: await listCards(app, caller.workspaceId), cursor: null }),
  }),

  route({
    method: 'POST',
    path: '/assistants',
    summary: 'Makes an assistant of some flows.',
    role: 'user',
    body: newAssistantSchema,
    answers: { 201: 'The assistant, as `GET /assistants/:id` gives it.', 409: 'The id is taken.' },
    async handle({ app, caller, body }) {
      const id = await addAssistant(app, caller, body)
      return Response.json(await viewAssistant(app, caller.workspaceId, id), {
        status: 201,
        headers: { Location: `/api/v1/assistants/${id}` },
      })
    },
  }),

  route({
    method: 'GET',
    path: '/assistants/:id',
    summary: 'An assistant with its flows, and which of them are on.',
    role: 'guest',
    answers: {
      200: '`{id, name, instruction, model, voiceModel, voice, flows: [{flow, name, active, userKinds, version, isMissing, tools}], createdAt, updatedAt, updatedBy}`',
    },
    handle: async ({ app, caller, params }) =>
      Response.json(await viewAssistant(app, caller.workspaceId, params.id ?? '')),
  }),

  route({
    method: 'PUT',
    path: '/assistants/:id',
    summary: 'Changes what is sent; the rest stays. `flows` replaces the whole set.',
    role: 'user',
    body: assistantChangeSchema,
    answers: { 200: 'The assistant, as `GET /assistants/:id` gives it.' },
    async handle({ app, caller, params, body }) {
      const id = params.id ?? ''
      await changeAssistant(app, caller, id, body)
      return Response.json(await viewAssistant(app, caller.workspaceId, id))
    },
  }),

  route({
    method: 'DELETE',
    path: '/assistants/:id',
    summary: 'Removes an assistant. Its flows stay.',
    role: 'user',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await dropAssistant(app, caller, params.id ?? '')
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'POST',
    path: '/assistants/:id/flows/:flow/activate',
    summary: 'Switches a flow on for everybody; one that the assistant does not have is added.',
    role: 'user',
    body: z.strictObject({
      alone: z.boolean().default(false).meta({ description: 'Every other flow is switched off.' }),
    }),
    bodyOptional: true,
    answers: { 200: 'The assistant, as `GET /assistants/:id` gives it.' },
    handle: (call) => turn(call, { active: true, alone: call.body.alone }),
  }),

  route({
    method: 'POST',
    path: '/assistants/:id/flows/:flow/deactivate',
    summary: 'Switches a flow off; it stays on for the kinds of user that it is on for.',
    role: 'user',
    answers: { 200: 'The assistant, as `GET /assistants/:id` gives it.' },
    handle: (call) => turn(call, { active: false }),
  }),

  route({
    method: 'PUT',
    path: '/assistants/:id/flows/:flow',
    summary: 'Changes for whom a flow is on; what is not sent stays.',
    role: 'user',
    body: flowChangeSchema,
    answers: { 200: 'The assistant, as `GET /assistants/:id` gives it.' },
    handle: (call) => turn(call, call.body),
  }),

  route({
    method: 'DELETE',
    path: '/assistants/:id/flows/:flow',
    summary: 'Takes a flow out of an assistant. The flow itself stays.',
    role: 'user',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await takeFlowOut(app, caller, params.id ?? '', params.flow ?? '')
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'GET',
    path: '/assistants/:id/validate',
    summary:
      'What keeps the assistant from working, and what may surprise. Only flows that are on are looked at.',
    role: 'guest',
    query: forKind,
    answers: {
      200: '`{valid, problems: [{code, severity, flow, tool, message}], tool_count, function_count}`',
    },
    handle: async ({ app, caller, params, query }) =>
      Response.json(await reportAssistant(app, caller.workspaceId, params.id ?? '', query.userKind)),
  }),

  route({
    method: 'GET',
    path: '/assistants/:id/session',
    summary:
      'The merged instruction and tools of the flows that are on, as the configuration of a session: of OpenAI’s Realtime API, of its Responses API, or plain.',
    role: 'guest',
    query: forKind.extend({ format: z.enum(sessionFormats).default('plain') }),
    answers: {
      200: '`{type, model, instructions, audio, tools, …}`, `{model, instructions, tools, …}` or `{instruction, tools}`; give it on as it is.',
    },
    handle: async ({ app, caller, params, query }) =>
      Response.json(await readSession(app, caller.workspaceId, params.id ?? '', query)),
  }),

  route({
    method: 'POST',
    path: '/assistants/:id/calls',
    summary: 'Answers a function call of a model by running the flow behind it.',
    role: 'user',
    // Not strict: a call may be sent on as the provider gives it.
    body: z.object({
      name: z.string().min(1).max(64),
      arguments: z
        .union([jsonObjectSchema, z.string().max(1_000_000)])
        .default({})
        .meta({ description: 'An object, or its text.' }),
      call_id: z.string().min(1).max(200).optional().meta({
        description: 'The provider’s id of the call. A second call of the same id gives the same run.',
      }),
      userKind: userKindSchema.optional(),
      user: z.string().max(200).optional(),
      thread: z.string().max(200).optional(),
      wait: z
        .number()
        .min(0)
        .max(longestWaitSeconds)
        .default(usualWaitSeconds)
        .meta({ description: 'Seconds; past them the result is `pending`, and the run goes on.' }),
    }),
    answers: {
      200: 'The output of the run beside `status`, `prompt_guidance` and `next_action`. A run that failed has the status `error`, one that asks something `waiting`.',
      404: 'No flow that is on offers this function (`function_not_found`).',
      422: 'The arguments do not fit (`arguments_invalid`), or the flow cannot run (`invalid_flow`).',
    },
    async handle({ app, caller, params, body }) {
      const { call_id: callId, wait, name, arguments: given, ...terms } = body
      const { run, result } = await callFunction(
        app,
        caller,
        params.id ?? '',
        { name, arguments: given, callId },
        { ...terms, waitMs: wait * 1_000 },
      )
      return Response.json(result, { headers: { 'Millrace-Run': run } })
    },
  }),

  route({
    method: 'POST',
    path: '/assistants/:id/messages',
    summary:
      'Tries the assistant by text: asks its model, runs the flows that it calls, and gives what it says. Nothing of the conversation is kept.',
    role: 'user',
    body: conversationSchema,
    answers: {
      200: '`{text, turns, calls: [{call, run, flow, result}], model, tokens}`: send `turns` behind your own the next time.',
      422: 'The model cannot be used (`model_…`), or calls functions without end (`too_many_calls`).',
    },
    async handle({ app, caller, params, body, request }) {
      const calls: CalledFunction[] = []
      for await (const spoken of converse(app, caller, params.id ?? '', body, request.signal)) {
        if (spoken.kind === 'called') {
          const { kind: _, ...called } = spoken
          calls.push(called)
        } else if (spoken.kind === 'end') {
          const { turns, model, tokens } = spoken
          const last = turns.at(-1)
          const text = last?.role === 'assistant' ? last.text : ''
          return Response.json({ text, turns, calls, model, tokens })
        }
      }
      throw new Error('A conversation ended without an answer.')
    },
  }),
]
