import { z } from 'zod'
import { jsonSchema } from '@/flow/json'
import { answerByLink, createPersonalLink, listAskedPeople, readAsked } from '../../asks'
import { publicUrl } from '../../env'
import { publicRoute, route } from '../route'

/** What a run asks people, for everyone who has a link to it; and the links of those whom it asks by name. */
export const askRoutes = [
  publicRoute({
    method: 'GET',
    path: '/asks/:token',
    summary: 'What is asked at a link.',
    answers: {
      200: '`{flowName, title, message, schema, choices, people, person, deadline, status}`; `status` is `open`, `answered` or `over`.',
    },
    handle: async ({ app, params }) => Response.json(await readAsked(app.db, params.token ?? '')),
  }),

  publicRoute({
    method: 'POST',
    path: '/asks/:token/answer',
    summary: 'Answers by the link; the body is the answer.',
    body: jsonSchema,
    answers: {
      202: '`{accepted: true}`: it is stored, and the run goes on.',
      403: 'Only certain people can answer, signed in or by links of their own.',
      409: 'Answered already, or not asked any more.',
      410: 'The time to answer is over (`answer_expired`).',
      422: 'Not one of the choices, or not of the shape that was asked for.',
    },
    async handle({ app, params, body }) {
      await answerByLink(app, params.token ?? '', body)
      return Response.json({ accepted: true }, { status: 202 })
    },
  }),

  route({
    method: 'GET',
    path: '/runs/:id/people/:step',
    summary: 'Whom a waiting step asks by name.',
    role: 'guest',
    answers: {
      200: '`{items: [{person, hasAnswered, mail, problem}], cursor: null}`; `mail` is `sending`, `sent`, `failed` or null.',
    },
    async handle({ app, caller, params }) {
      const at = { run: params.id ?? '', step: params.step ?? '' }
      return Response.json({ items: await listAskedPeople(app.db, caller.workspaceId, at), cursor: null })
    },
  }),

  route({
    method: 'POST',
    path: '/runs/:id/people/:step',
    summary:
      'The link by which one of these people answers as that person, without signing in. It is written down who asked for it.',
    role: 'admin',
    body: z.strictObject({ person: z.string().min(1).max(320) }),
    answers: { 200: '`{url}`', 404: 'The step does not ask this person.', 409: 'It does not wait any more.' },
    async handle({ app, caller, params, body }) {
      const at = { run: params.id ?? '', step: params.step ?? '', person: body.person }
      return Response.json(await createPersonalLink(app.db, caller, at, publicUrl(app.env)))
    },
  }),
]
