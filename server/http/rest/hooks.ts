import { listenForTest } from '../../flows/test-address'
import { route } from '../route'

export const hookRoutes = [
  route({
    method: 'POST',
    path: '/flows/:id/webhooks/:node/listen',
    summary: 'Gives an address that runs the draft at this webhook, for ten minutes.',
    role: 'user',
    answers: { 200: '`{path, until}`: call the path as the webhook would be called.' },
    async handle({ app, caller, params }) {
      const { id: flow = '', node = '' } = params
      return Response.json(await listenForTest(app, caller, { flow, node }, Date.now()))
    },
  }),
]
