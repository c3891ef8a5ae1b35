import { z } from 'zod'
import { jsonSchema } from '@/flow/json'
import { answerByLink, readAsked, type Asked } from '../asks'
import { publicProcedure, router } from './trpc'

const token = z.string().min(1).max(100)

/** For people without an account: the token is the right to read the question and to answer it. */
export const asksRouter = router({
  get: publicProcedure
    .input(z.object({ token }))
    .query(({ ctx, input }): Promise<Asked> => readAsked(ctx.app.db, input.token)),

  answer: publicProcedure
    .input(z.object({ token, answer: jsonSchema }))
    .mutation(({ ctx, input }): Promise<void> => answerByLink(ctx.app, input.token, input.answer)),
})
