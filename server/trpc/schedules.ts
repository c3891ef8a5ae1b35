import { z } from 'zod'
import { pauseSchedule, readSchedules, type ScheduleView } from '../flows/schedules'
import { guestProcedure, router, userProcedure } from './trpc'

const flow = z.string().min(1).max(64)

export const schedulesRouter = router({
  list: guestProcedure
    .input(z.object({ flow }))
    .query(({ ctx, input }): Promise<ScheduleView[]> => readSchedules(ctx.app, ctx.caller, input.flow)),

  pause: userProcedure
    .input(z.object({ flow, node: z.string().min(1).max(64), paused: z.boolean() }))
    .mutation(({ ctx, input }): Promise<void> => pauseSchedule(ctx.app, ctx.caller, input)),
})
