import { tracked, type TrackedEnvelope } from '@trpc/server'
import { z } from 'zod'
import { jsonObjectSchema, jsonSchema, type Json } from '@/flow/json'
import { partSchema, runStatuses } from '@/flow/run/event'
import {
  continueMany,
  continueManySchema,
  continueRun,
  stepSchema,
  versionSchema,
  type ContinuedMany,
} from '../runs/continue'
import { followRun, type RunMessage } from '../runs/follow'
import {
  listRunRows,
  readLastInput,
  readLastOutputs,
  readRun,
  type LastOutputs,
  type RunPage,
  type RunView,
} from '../runs/read'
import { answerStep, cancelRun, startRun } from '../runs/start'
import { guestProcedure, router, toTrpcError, userProcedure } from './trpc'

const byId = z.object({ id: z.string().min(1).max(64) })
const byFlow = z.object({ flow: z.string().min(1).max(64) })

type EventsMessage = Extract<RunMessage, { kind: 'events' }>
type TextMessage = Extract<RunMessage, { kind: 'text' }>

/** tRPC ends the generator itself when the reader goes away. */
const untilClosed = new AbortController().signal

export const runsRouter = router({
  start: userProcedure
    .input(
      z.object({
        flow: z.string().min(1).max(64),
        input: jsonSchema.default({}),
        version: versionSchema.default('draft'),
        samples: z.boolean().optional(),
        mocks: jsonObjectSchema.optional(),
        part: partSchema.optional(),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ id: string; number: number }> => {
      const { runId, number } = await startRun(ctx.app, ctx.caller, {
        ...input,
        cause: 'manual',
        mode: 'inline',
      })
      return { id: runId, number }
    }),

  get: guestProcedure
    .input(byId)
    .query(({ ctx, input }): Promise<RunView> => readRun(ctx.app.db, ctx.caller.workspaceId, input.id)),

  list: guestProcedure
    .input(
      z.object({
        flow: z.string().max(64).optional(),
        status: z.union([z.enum(runStatuses), z.array(z.enum(runStatuses))]).optional(),
        cursor: z.string().nullish(),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .query(({ ctx, input }): Promise<RunPage> => {
      const { flow, status, cursor, limit } = input
      return listRunRows(ctx.app.db, ctx.caller.workspaceId, {
        flowId: flow,
        statuses: status === undefined ? undefined : [status].flat(),
        before: cursor ?? undefined,
        limit,
      })
    }),

  cancel: userProcedure.input(byId).mutation(async ({ ctx, input }): Promise<void> => {
    await cancelRun(ctx.app, ctx.caller, input.id)
  }),

  /** A failed or cancelled run goes on from its failed step, or from the given one. */
  continue: userProcedure
    .input(byId.extend({ from: stepSchema.optional(), version: versionSchema.optional() }))
    .mutation(({ ctx, input }): Promise<void> => continueRun(ctx.app, ctx.caller, input)),

  continueMany: userProcedure
    .input(continueManySchema)
    .mutation(({ ctx, input }): Promise<ContinuedMany> => continueMany(ctx.app, ctx.caller, input)),

  answer: userProcedure
    .input(byId.extend({ step: stepSchema, answer: jsonSchema }))
    .mutation(({ ctx, input }): Promise<void> => answerStep(ctx.app, ctx.caller, input)),

  sendEvent: userProcedure
    .input(
      z.object({
        name: z.string().min(1).max(200),
        key: z.string().max(500).optional(),
        data: jsonSchema.default(null),
      }),
    )
    .mutation(({ ctx, input }): Promise<{ delivered: number }> =>
      ctx.app.runtime.deliverEvent({ workspaceId: ctx.caller.workspaceId, ...input }),
    ),

  lastInput: guestProcedure
    .input(byFlow)
    .query(({ ctx, input }): Promise<{ input: Json } | null> =>
      readLastInput(ctx.app.db, ctx.caller.workspaceId, input.flow),
    ),

  lastOutputs: guestProcedure
    .input(byFlow)
    .query(({ ctx, input }): Promise<LastOutputs | null> =>
      readLastOutputs(ctx.app.db, ctx.caller.workspaceId, input.flow),
    ),

  /** The history from `lastEventId` on, then what happens, until the run has ended. */
  events: guestProcedure
    .input(byId.extend({ lastEventId: z.string().nullish() }))
    .subscription(async function* ({
      ctx,
      input,
      signal,
    }): AsyncGenerator<TrackedEnvelope<EventsMessage> | TextMessage, void, unknown> {
      const afterSeq = Number(input.lastEventId ?? 0) || 0
      const { app, caller } = ctx
      try {
        for await (const message of followRun(
          app,
          caller.workspaceId,
          input.id,
          afterSeq,
          signal ?? untilClosed,
        )) {
          if (message.kind === 'text') yield message
          else {
            const last = message.events.at(-1)
            if (last) yield tracked(String(last.seq), message)
          }
        }
      } catch (error) {
        // What a generator throws does not pass through the middleware.
        throw toTrpcError(error, app, 'runs.events')
      }
    }),
})
