import { z } from 'zod'
import { publicUrl } from '../env'
import { createShare, listShares, openShare, revokeShare, type Share, type SharedView } from '../shares'
import { guestProcedure, publicProcedure, router, userProcedure } from './trpc'

const flow = z.string().min(1).max(64)
const byToken = z.object({ token: z.string().min(1).max(100) })

export const sharesRouter = router({
  create: userProcedure
    .input(z.object({ flow, run: z.string().optional(), kind: z.enum(['view', 'chat']).optional() }))
    .mutation(({ ctx, input }): Promise<{ token: string; url: string }> =>
      createShare(ctx.app.db, ctx.caller.workspaceId, input, ctx.caller.user.id, publicUrl(ctx.app.env)),
    ),

  list: guestProcedure
    .input(z.object({ flow }))
    .query(({ ctx, input }): Promise<Share[]> =>
      listShares(ctx.app.db, ctx.caller.workspaceId, input.flow, publicUrl(ctx.app.env)),
    ),

  revoke: userProcedure
    .input(byToken)
    .mutation(({ ctx, input }): Promise<void> =>
      revokeShare(ctx.app.db, ctx.caller.workspaceId, input.token, ctx.caller.user.id),
    ),

  /** For people without an account: the token is the right to look. */
  get: publicProcedure
    .input(byToken)
    .query(({ ctx, input }): Promise<SharedView> => openShare(ctx.app.db, input.token)),
})
