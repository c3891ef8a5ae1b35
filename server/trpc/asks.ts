import { z } from 'zod'
import { jsonSchema } from '@/flow/json'
import {
  answerByLink,
  createPersonalLink,
  listAskedPeople,
  readAsked,
  type Asked,
  type AskedPerson,
} from '../asks'
import { publicUrl } from '../env'
import { stepSchema } from '../runs/continue'
import { adminProcedure, guestProcedure, publicProcedure, router } from './trpc'

const token = z.string().min(1).max(100)

const askingStep = z.object({ run: z.string().min(1).max(64), step: stepSchema })

/** `get` and `answer` are for people without an account: the token is the right to read the question and to answer it. */
export const asksRouter = router({
  get: publicProcedure
    .input(z.object({ token }))
    .query(({ ctx, input }): Promise<Asked> => readAsked(ctx.app.db, input.token)),

  answer: publicProcedure
    .input(z.object({ token, answer: jsonSchema }))
    .mutation(({ ctx, input }): Promise<void> => answerByLink(ctx.app, input.token, input.answer)),

  people: guestProcedure
    .input(askingStep)
    .query(({ ctx, input }): Promise<AskedPerson[]> =>
      listAskedPeople(ctx.app.db, ctx.caller.workspaceId, input),
    ),

  link: adminProcedure
    .input(askingStep.extend({ person: z.string().min(1).max(320) }))
    .mutation(({ ctx, input }): Promise<{ url: string }> =>
      createPersonalLink(ctx.app.db, ctx.caller, input, publicUrl(ctx.app.env)),
    ),
})
