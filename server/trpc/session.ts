import { z } from 'zod'
import type { Role } from '../auth/caller'
import { isFromOwnPage } from '../auth/origin'
import { passwordSchema } from '../auth/password'
import { isSetUp, setUp } from '../auth/setup'
import { unreadiness } from '../http/health'
import { RequestError } from '../request-error'
import { publicProcedure, router } from './trpc'

interface SessionView {
  /** Nobody has an account yet: the first visitor makes the owner. */
  setupNeeded: boolean
  user: { id: string; name: string; email: string } | null
  workspace: { id: string; name: string } | null
  role: Role | null
  version: string
  /** What is wrong with the server right now, one sentence each. */
  problems: string[]
}

export const sessionRouter = router({
  get: publicProcedure.query(async ({ ctx }): Promise<SessionView> => {
    const { app, caller } = ctx
    const problems = await unreadiness(app)
    return {
      // While the database is away nobody can say; the interface shows that first.
      setupNeeded: problems.length === 0 && !caller && !(await isSetUp(app.db)),
      user: caller?.user ?? null,
      workspace: caller ? { id: caller.workspaceId, name: caller.workspaceName } : null,
      role: caller?.role ?? null,
      version: app.version,
      problems,
    }
  }),

  setup: publicProcedure
    .input(
      z.object({
        name: z.string().trim().min(1, 'Write your name.').max(200),
        email: z.email('Write an e-mail address.').max(254),
        password: passwordSchema,
        workspace: z.string().trim().min(1, 'Give the workspace a name.').max(100),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ userId: string; workspaceId: string }> => {
      if (!isFromOwnPage(ctx.request, ctx.app.env)) {
        throw new RequestError(403, 'foreign_origin', 'This request comes from another site’s page.')
      }
      const { cookies, ...made } = await setUp(ctx.app, input, ctx.request)
      for (const cookie of cookies) ctx.answerHeaders.append('set-cookie', cookie)
      return made
    }),
})
