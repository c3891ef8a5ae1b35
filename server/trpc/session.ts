import { z } from 'zod'
import type { App } from '../app'
import type { Role } from '../auth/caller'
import { isFromOwnPage } from '../auth/origin'
import { passwordSchema } from '../auth/password'
import { isSetUp, setUp } from '../auth/setup'
import { isDatabaseAway } from '../explain'
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

function problemsOf(app: App): string[] {
  const { database } = app.runtime.health()
  return database === 'away'
    ? ['The database cannot be reached. What was started goes on when it is back.']
    : []
}

export const sessionRouter = router({
  get: publicProcedure.query(async ({ ctx }): Promise<SessionView> => {
    const { app, caller } = ctx
    const signedIn = caller
      ? {
          user: caller.user,
          workspace: { id: caller.workspaceId, name: caller.workspaceName },
          role: caller.role,
        }
      : { user: null, workspace: null, role: null }
    try {
      const setupNeeded = !caller && !(await isSetUp(app.db))
      return { setupNeeded, ...signedIn, version: app.version, problems: problemsOf(app) }
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      return {
        setupNeeded: false,
        ...signedIn,
        version: app.version,
        problems: ['The database cannot be reached. What was started goes on when it is back.'],
      }
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
