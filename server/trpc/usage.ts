import { z } from 'zod'
import { readRunUsage, readUsage, usageQuerySchema, type RunUsage, type UsageReport } from '../models/usage'
import { guestProcedure, router, userProcedure } from './trpc'

export const usageRouter = router({
  report: userProcedure
    .input(usageQuerySchema)
    .query(({ ctx, input }): Promise<UsageReport> => readUsage(ctx.app, ctx.caller, input)),

  ofRun: guestProcedure
    .input(z.object({ id: z.string().min(1).max(64) }))
    .query(({ ctx, input }): Promise<RunUsage> => readRunUsage(ctx.app, ctx.caller, input.id)),
})
