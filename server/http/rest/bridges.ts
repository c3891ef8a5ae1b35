import { getAssistant } from '@/db/assistants'
import { bridgeOrder, bridgeSchema } from '../../assistants/bridge/order'
import { route } from '../route'

export const bridgeRoutes = [
  route({
    method: 'GET',
    path: '/assistants/:id/bridges',
    summary: 'The bridges of an assistant to realtime sessions, in this process, newest first.',
    role: 'user',
    answers: { 200: '`{items: [{id, url, status, calls, error, startedAt, endedAt}], cursor: null}`' },
    async handle({ app, caller, params }) {
      const { id } = await getAssistant(app.db, caller.workspaceId, params.id ?? '')
      return Response.json({ items: app.bridges.list(caller.workspaceId, id), cursor: null })
    },
  }),

  route({
    method: 'POST',
    path: '/assistants/:id/bridges',
    summary:
      'Attaches to the control channel of a realtime session: sets its instruction and tools, keeps them as flows are switched, and answers its function calls.',
    role: 'user',
    body: bridgeSchema,
    answers: {
      201: 'The bridge; it ends with the session.',
      422: 'The channel cannot be opened (`bridge_failed`), or there is no such secret (`secret_missing`).',
    },
    async handle({ app, caller, params, body }) {
      const id = params.id ?? ''
      const bridge = await app.bridges.attach(app, caller, id, await bridgeOrder(app, caller, body))
      return Response.json(bridge, {
        status: 201,
        headers: { Location: `/api/v1/assistants/${id}/bridges/${bridge.id}` },
      })
    },
  }),

  route({
    method: 'DELETE',
    path: '/assistants/:id/bridges/:bridge',
    summary: 'Lets go of a session, which goes on by itself.',
    role: 'user',
    answers: { 204: 'Done.' },
    handle({ app, caller, params }) {
      app.bridges.detach(caller.workspaceId, params.id ?? '', params.bridge ?? '')
      return new Response(null, { status: 204 })
    },
  }),
]
