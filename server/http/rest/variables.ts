import { z } from 'zod'
import {
  readVariables,
  removeVariable,
  storeVariable,
  variableNameSchema,
  variableValueSchema,
} from '../../workspace-variables'
import { route } from '../route'

export const variableRoutes = [
  route({
    method: 'GET',
    path: '/variables',
    summary: 'What the workspace’s flows share, as `vars.NAME` in expressions.',
    role: 'user',
    answers: { 200: '`{items: [{name, value, updatedAt}], cursor: null}`' },
    handle: async ({ app, caller }) =>
      Response.json({ items: await readVariables(app, caller), cursor: null }),
  }),

  route({
    method: 'PUT',
    path: '/variables/:name',
    summary: 'Stores a variable; within two seconds all runs see it.',
    role: 'admin',
    body: z.strictObject({ value: variableValueSchema }),
    answers: { 204: 'Stored.' },
    async handle({ app, caller, params, body }) {
      await storeVariable(app, caller, { name: variableNameSchema.parse(params.name), value: body.value })
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'DELETE',
    path: '/variables/:name',
    summary: 'Removes a variable; expressions find nothing there from then on.',
    role: 'admin',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeVariable(app, caller, params.name ?? '')
      return new Response(null, { status: 204 })
    },
  }),
]
