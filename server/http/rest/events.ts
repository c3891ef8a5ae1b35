import { z } from 'zod'
import { jsonSchema } from '@/flow/json'
import { route } from '../route'

export const eventRoutes = [
  route({
    method: 'POST',
    path: '/events',
    summary:
      'Tells every step that waits for an event of this name and key, and starts the flows that begin with it.',
    role: 'user',
    body: z.strictObject({
      name: z.string().min(1).max(200),
      key: z.string().max(500).optional(),
      data: jsonSchema.default(null),
      dedupeKey: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .meta({ description: 'A second event of this name with the same key is not delivered again.' }),
    }),
    answers: {
      200: '`{delivered}`: how many steps were waiting for it and how many runs it started. One that nobody waits for is kept for a while.',
    },
    async handle({ app, caller, body }) {
      return Response.json(await app.runtime.deliverEvent({ workspaceId: caller.workspaceId, ...body }))
    },
  }),
]
