import { z } from 'zod'
import type { JsonObject } from '@/flow/json'
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
  type AssistantCard,
  type AssistantView,
} from '../assistants/assistants'
import { conversationSchema, converse, type Spoken } from '../assistants/converse'
import type { AssistantReport } from '../assistants/report'
import { sessionFormats } from '../assistants/session'
import { guestProcedure, router, toTrpcError, userProcedure } from './trpc'

const byId = z.object({ id: z.string().min(1).max(64) })
const byFlow = byId.extend({ flow: z.string().min(1).max(64) })
const forKind = byId.extend({ userKind: userKindSchema.optional() })

export const assistantsRouter = router({
  list: guestProcedure.query(({ ctx }): Promise<AssistantCard[]> =>
    listCards(ctx.app, ctx.caller.workspaceId),
  ),

  get: guestProcedure
    .input(byId)
    .query(({ ctx, input }): Promise<AssistantView> =>
      viewAssistant(ctx.app, ctx.caller.workspaceId, input.id),
    ),

  create: userProcedure
    .input(newAssistantSchema)
    .mutation(async ({ ctx, input }): Promise<{ id: string }> => {
      return { id: await addAssistant(ctx.app, ctx.caller, input) }
    }),

  change: userProcedure
    .input(byId.extend({ change: assistantChangeSchema }))
    .mutation(({ ctx, input }): Promise<void> =>
      changeAssistant(ctx.app, ctx.caller, input.id, input.change),
    ),

  remove: userProcedure
    .input(byId)
    .mutation(({ ctx, input }): Promise<void> => dropAssistant(ctx.app, ctx.caller, input.id)),

  turnFlow: userProcedure
    .input(byFlow.extend({ change: flowChangeSchema }))
    .mutation(({ ctx, input: { id, flow, change } }): Promise<void> =>
      turnFlow(ctx.app, ctx.caller, id, { flow, ...change }),
    ),

  takeFlowOut: userProcedure
    .input(byFlow)
    .mutation(({ ctx, input }): Promise<void> => takeFlowOut(ctx.app, ctx.caller, input.id, input.flow)),

  report: guestProcedure
    .input(forKind)
    .query(({ ctx, input }): Promise<AssistantReport> =>
      reportAssistant(ctx.app, ctx.caller.workspaceId, input.id, input.userKind),
    ),

  session: guestProcedure
    .input(forKind.extend({ format: z.enum(sessionFormats) }))
    .query(({ ctx, input: { id, ...wanted } }): Promise<JsonObject> =>
      readSession(ctx.app, ctx.caller.workspaceId, id, wanted),
    ),

  /** What happens while the assistant answers, as it happens. */
  converse: userProcedure.input(byId.extend({ conversation: conversationSchema })).mutation(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<Spoken, void, unknown> {
    const { app, caller } = ctx
    try {
      yield* converse(app, caller, input.id, input.conversation, signal ?? ctx.request.signal)
    } catch (error) {
      // What a generator throws does not pass through the middleware.
      throw toTrpcError(error, app, 'assistants.converse')
    }
  }),
})
