import { z } from 'zod'
import { listEvents } from '@/db/events'
import { getRun } from '@/db/runs'
import { jsonObjectSchema, jsonSchema } from '@/flow/json'
import { isTerminal, partSchema, runStatuses } from '@/flow/run/event'
import { keyReused } from '../../reused-key'
import { continueMany, continueManySchema, continueRun, stepSchema, versionSchema } from '../../runs/continue'
import { reportRun } from '../../runs/report'
import { listRunRows } from '../../runs/read'
import { answerStep, cancelRun, startRun } from '../../runs/start'
import { isSameJson } from '../../same-json'
import { withinMs } from '../../within'
import { listRunsWhere } from '../../runs/where'
import { route } from '../route'
import { streamEvents } from './event-stream'
import { listQuery } from './query'

const longestWaitSeconds = 300

const statusList = z.string().transform((text, context) => {
  const statuses = z.array(z.enum(runStatuses)).safeParse(text.split(','))
  if (statuses.success) return statuses.data
  context.addIssue(`Write one or more of ${runStatuses.join(', ')}, with commas between.`)
  return z.NEVER
})

const time = z.iso.datetime({ offset: true, error: 'Write a time as 2026-05-01T09:00:00Z.' })

export const runRoutes = [
  route({
    method: 'POST',
    path: '/flows/:id/runs',
    summary:
      'Starts a run. With `wait` the answer comes when it has ended, or when that many seconds are over.',
    role: 'user',
    body: z.strictObject({
      input: jsonSchema.default({}),
      version: versionSchema
        .optional()
        .meta({ description: 'The live version when not said, or the draft while nothing is published.' }),
      wait: z.number().min(0).max(longestWaitSeconds).default(0).meta({ description: 'Seconds.' }),
      mocks: jsonObjectSchema
        .optional()
        .meta({ description: 'Outcomes by node id instead of running them.' }),
      part: partSchema.optional().meta({
        description:
          'Some steps and not the others: `from` a node on, `until` a node; `given` are outputs to go by instead of running.',
      }),
      user: z.string().max(200).optional(),
      thread: z.string().max(200).optional(),
    }),
    bodyOptional: true,
    answers: {
      200: 'The finished run, as `GET /runs/:id` gives it.',
      202: 'It is still going: the same members, `Location` says where to look.',
      422: 'The flow has errors (`invalid_flow`), or the input does not fit its schema (`invalid_input`); or the `Idempotency-Key` was used for another input (`idempotency_key_reused`).',
    },
    async handle({ app, caller, params, body, request }) {
      const { wait, ...order } = body
      const idempotencyKey = request.headers.get('idempotency-key') ?? undefined
      const { runId, finished, isRepeat } = await startRun(app, caller, {
        ...order,
        flow: params.id ?? '',
        cause: 'api',
        mode: wait > 0 ? 'inline' : 'queued',
        idempotencyKey,
      })
      if (isRepeat && !isSameJson((await getRun(app.db, caller.workspaceId, runId)).input, order.input))
        throw keyReused(idempotencyKey ?? '')
      if (wait > 0) {
        const limitMs = wait * 1_000
        const soon = finished && (await withinMs(finished, limitMs))
        // Parked, or begun by an earlier request with the same key: somebody else brings it to its end.
        if (!soon || !isTerminal(soon.status))
          await app.runtime.waitForEnd(runId, finished && !soon ? 0 : limitMs)
      }
      const run = await reportRun(app.db, caller.workspaceId, runId)
      const isOver = isTerminal(run.status)
      const headers = isOver ? undefined : { Location: `/api/v1/runs/${runId}` }
      return Response.json(run, { status: isOver ? 200 : 202, headers })
    },
  }),

  route({
    method: 'GET',
    path: '/runs',
    summary: 'Runs, newest first.',
    role: 'guest',
    query: listQuery.extend({
      flow: z.string().max(64).optional(),
      status: statusList.optional().meta({ description: 'One or more, with commas between.' }),
      from: time.optional(),
      to: time.optional(),
      step: z.string().max(500).optional().meta({ description: 'Only runs that came to this node or step.' }),
      parent: z.string().max(64).optional().meta({
        description: 'Only runs that this run has started. Without it slices of spread items are left out.',
      }),
      where: z.string().min(1).max(5_000).optional().meta({
        description:
          'An expression over `input`, `output`, `status`, `error`, `number`, `version`, `cause` and `flow`, such as `output.total > 100`. A page may then be short, or empty, and still have a cursor.',
      }),
    }),
    answers: {
      200: '`{items: […], cursor}`; give `cursor` again to get the next page.',
      422: '`where` is not an expression.',
    },
    async handle({ app, caller, query }) {
      const { flow, status, from, to, step, parent, where, cursor, limit } = query
      const filter = {
        flowId: flow,
        statuses: status,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        step,
        parent,
        before: cursor,
        limit,
      }
      return Response.json(
        where === undefined
          ? await listRunRows(app.db, caller.workspaceId, filter)
          : await listRunsWhere(app, caller.workspaceId, filter, where),
      )
    },
  }),

  route({
    method: 'GET',
    path: '/runs/:id',
    summary: 'A run with all its steps.',
    role: 'guest',
    answers: {
      200: '`{id, number, flow, version, status, cause, parent, children, input, output, error, startedAt, endedAt, steps, usage}`',
    },
    handle: async ({ app, caller, params }) =>
      Response.json(await reportRun(app.db, caller.workspaceId, params.id ?? '')),
  }),

  route({
    method: 'GET',
    path: '/runs/:id/events',
    summary:
      'The history. `Accept: text/event-stream` follows it until the run has ended; `Last-Event-ID` goes on after that event.',
    role: 'guest',
    query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }),
    answers: { 200: '`{items: […], cursor: null}`, or the stream.', 204: 'Nothing more will come.' },
    async handle({ app, caller, params, query, request }) {
      const id = params.id ?? ''
      const lastSeen = Number(request.headers.get('last-event-id') ?? query.after) || 0
      const run = await getRun(app.db, caller.workspaceId, id)
      if (request.headers.get('accept')?.includes('text/event-stream')) {
        return streamEvents(app, caller.workspaceId, run, lastSeen)
      }
      const items = await listEvents(app.db, caller.workspaceId, id, lastSeen)
      return Response.json({ items, cursor: null })
    },
  }),

  route({
    method: 'POST',
    path: '/runs/:id/cancel',
    summary: 'Stops the run: what is running is aborted, nothing new begins.',
    role: 'user',
    answers: { 200: 'The run, as `GET /runs/:id` gives it.', 202: 'It is still being stopped.' },
    async handle({ app, caller, params }) {
      const id = params.id ?? ''
      await cancelRun(app, caller, id)
      await app.runtime.waitForEnd(id, 2_000)
      const run = await reportRun(app.db, caller.workspaceId, id)
      return Response.json(run, { status: isTerminal(run.status) ? 200 : 202 })
    },
  }),

  route({
    method: 'POST',
    path: '/runs/continue',
    summary: 'Continues all failed or cancelled runs of a flow that fit, oldest first, 1,000 at most.',
    role: 'user',
    body: continueManySchema,
    answers: {
      200: '`{continued, refused: [{id, reason}], more}`: how many go on, which do not and why, whether to ask again.',
      422: 'The wanted version has errors (`invalid_flow`).',
    },
    handle: async ({ app, caller, body }) => Response.json(await continueMany(app, caller, body)),
  }),

  route({
    method: 'POST',
    path: '/runs/:id/continue',
    summary:
      'Goes on with a failed or cancelled run from the step that failed, or from another; results that do not depend on it are kept.',
    role: 'user',
    body: z.strictObject({
      from: stepSchema.optional().meta({ description: 'A step, or a node; the failed one when not said.' }),
      version: versionSchema
        .optional()
        .meta({ description: 'The one that it ran last when not said; `draft` for the edited flow.' }),
    }),
    bodyOptional: true,
    answers: {
      202: 'The run, as `GET /runs/:id` gives it; it goes on.',
      409: 'It has not ended (`run_not_ended`), or has completed (`run_completed`).',
      422: 'The version has errors (`invalid_flow`), or no such step (`no_such_step`).',
    },
    async handle({ app, caller, params, body }) {
      const id = params.id ?? ''
      await continueRun(app, caller, { id, ...body })
      return Response.json(await reportRun(app.db, caller.workspaceId, id), {
        status: 202,
        headers: { Location: `/api/v1/runs/${id}` },
      })
    },
  }),

  route({
    method: 'POST',
    path: '/runs/:id/answers/:step',
    summary: 'Answers a step that waits for a person; the body is the answer.',
    role: 'user',
    body: jsonSchema,
    answers: {
      202: '`{accepted: true}`: it is stored, and the run goes on.',
      409: 'Answered already, or not waiting.',
      422: 'Not one of the choices, or not of the shape that was asked for.',
    },
    async handle({ app, caller, params, body }) {
      await answerStep(app, caller, { id: params.id ?? '', step: params.step ?? '', answer: body })
      return Response.json({ accepted: true }, { status: 202 })
    },
  }),
]
