import { z } from 'zod'
import { documentSchema, type FlowDocument } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { listFlowCards, type FlowCard } from '../flows/cards'
import {
  createDraft,
  duplicateDraft,
  getDraft,
  readDocument,
  saveDraft,
  type Draft,
  type Loss,
} from '../flows/drafts'
import { exportFlow, exportFormats } from '../flows/export'
import { archive, listPublished, publish, type PublishedVersion } from '../flows/publish'
import { shapeProblems } from '../flows/shape'
import { InvalidFlowError } from '../request-error'
import { guestProcedure, router, userProcedure } from './trpc'

const flowId = z.string().min(1).max(64)
const byId = z.object({ id: flowId })

/** Parsed in the procedure, so that a wrong shape is told as problems by path. */
const unparsedDocument = z.custom<FlowDocument>((value) => typeof value === 'object' && value !== null)

function parseShape(value: unknown): FlowDocument {
  const parsed = documentSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new InvalidFlowError('This is not a flow document.', shapeProblems(parsed.error))
}

export const flowsRouter = router({
  list: guestProcedure
    .input(
      z.object({ search: z.string().max(200).optional(), tag: z.string().max(64).optional() }).optional(),
    )
    .query(({ ctx, input }): Promise<FlowCard[]> =>
      listFlowCards(ctx.app.db, ctx.caller.workspaceId, input ?? {}),
    ),

  get: guestProcedure
    .input(byId)
    .query(({ ctx, input }): Promise<Draft> => getDraft(ctx.app.db, ctx.caller.workspaceId, input.id)),

  create: userProcedure
    .input(
      z.object({
        name: z.string().max(200).optional(),
        document: unparsedDocument.optional(),
        template: z.string().max(64).optional(),
      }),
    )
    .mutation(({ ctx, input }): Promise<{ id: string; revision: number }> => {
      const document = input.document === undefined ? undefined : parseShape(input.document)
      return createDraft(ctx.app.db, ctx.caller.workspaceId, { ...input, document }, ctx.caller.user.id)
    }),

  save: userProcedure
    .input(z.object({ id: flowId, document: unparsedDocument, revision: z.int().min(1) }))
    .mutation(({ ctx, input }): Promise<{ revision: number; updatedAt: string }> => {
      const document = parseShape(input.document)
      return saveDraft(ctx.app.db, ctx.caller.workspaceId, { ...input, document }, ctx.caller.user.id)
    }),

  import: userProcedure
    .input(z.object({ text: z.string().min(1, 'Paste or drop a flow as JSON.') }))
    .mutation(async ({ ctx, input }): Promise<{ id: string; problems: Problem[]; losses: Loss[] }> => {
      const { document, problems, losses } = readDocument(input.text)
      const { id } = await createDraft(ctx.app.db, ctx.caller.workspaceId, { document }, ctx.caller.user.id)
      return { id, problems, losses }
    }),

  duplicate: userProcedure.input(byId).mutation(async ({ ctx, input }): Promise<{ id: string }> => {
    const { id } = await duplicateDraft(ctx.app.db, ctx.caller.workspaceId, input.id, ctx.caller.user.id)
    return { id }
  }),

  archive: userProcedure
    .input(byId)
    .mutation(({ ctx, input }): Promise<void> => archive(ctx.app, ctx.caller, input.id)),

  publish: userProcedure
    .input(z.object({ id: flowId, note: z.string().max(2_000).optional() }))
    .mutation(({ ctx, input }): Promise<{ version: number }> =>
      publish(ctx.app, ctx.caller, input.id, input.note),
    ),

  versions: guestProcedure
    .input(byId)
    .query(({ ctx, input }): Promise<PublishedVersion[]> =>
      listPublished(ctx.app.db, ctx.caller.workspaceId, input.id),
    ),

  export: guestProcedure
    .input(z.object({ id: flowId, format: z.enum(exportFormats), run: z.string().optional() }))
    .query(async ({ ctx, input }): Promise<{ text: string; filename: string }> => {
      const { id, format, run } = input
      const { text, filename } = await exportFlow(ctx.app.db, ctx.caller.workspaceId, id, format, { run })
      return { text, filename }
    }),
})
