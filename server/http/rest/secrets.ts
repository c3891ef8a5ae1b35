import { z } from 'zod'
import {
  readSecrets,
  removeSecret,
  secretNameSchema,
  secretValueSchema,
  storeSecret,
} from '../../workspace-secrets'
import { route } from '../route'

export const secretRoutes = [
  route({
    method: 'GET',
    path: '/secrets',
    summary: 'The names of the workspace’s secrets. What they hold is never given out.',
    role: 'user',
    answers: { 200: '`{items: [{name, updatedAt}], cursor: null}`' },
    async handle({ app, caller }) {
      return Response.json({ items: await readSecrets(app, caller), cursor: null })
    },
  }),

  route({
    method: 'PUT',
    path: '/secrets/:name',
    summary:
      'Stores a secret, sealed. Steps and webhooks use it as `${secrets.NAME}`; within five seconds all processes do.',
    role: 'admin',
    body: z.strictObject({ value: secretValueSchema }),
    answers: { 204: 'Stored.' },
    async handle({ app, caller, params, body }) {
      await storeSecret(app, caller, { name: secretNameSchema.parse(params.name), value: body.value })
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'DELETE',
    path: '/secrets/:name',
    summary: 'Removes a secret. What needs it fails from then on.',
    role: 'admin',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeSecret(app, caller, params.name ?? '')
      return new Response(null, { status: 204 })
    },
  }),
]
