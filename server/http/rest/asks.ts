import { jsonSchema } from '@/flow/json'
import { answerByLink, readAsked } from '../../asks'
import { publicRoute } from '../route'

/** What a run asks a person, for everyone who has the link to it. */
export const askRoutes = [
  publicRoute({
    method: 'GET',
    path: '/asks/:token',
    summary: 'What is asked at a link.',
    answers: {
      200: '`{flowName, title, message, schema, choices, people, deadline, status}`; `status` is `open`, `answered` or `over`.',
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
      403: 'Only certain people can answer, signed in.',
      409: 'Answered already, or not asked any more.',
      410: 'The time to answer is over (`answer_expired`).',
      422: 'Not one of the choices, or not of the shape that was asked for.',
    },
    async handle({ app, params, body }) {
      await answerByLink(app, params.token ?? '', body)
      return Response.json({ accepted: true }, { status: 202 })
    },
  }),
]
