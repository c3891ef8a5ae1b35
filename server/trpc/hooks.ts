import { z } from 'zod'
import { listenForTest, type TestAddress } from '../flows/test-address'
import { router, userProcedure } from './trpc'

export const hooksRouter = router({
  /** The path works until then; whoever knows it may call. */
  listen: userProcedure
    .input(z.object({ flow: z.string().min(1).max(64), node: z.string().min(1).max(64) }))
    .mutation(({ ctx, input }): Promise<TestAddress> =>
      listenForTest(ctx.app, ctx.caller, input, Date.now()),
    ),
})
