import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc'
import { ZodError } from 'zod'
import { isTooDeep } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import type { App } from '../app'
import { atLeast, type Caller, type Role } from '../auth/caller'
import { explain } from '../explain'
import { tooDeep } from '../http/body'
import { InvalidFlowError, StaleRevisionError, type Conflict } from '../request-error'

export interface Context {
  app: App
  /** Null: not signed in. */
  caller: Caller | null
  /** Why nobody is signed in, when something was offered as proof or the database could not be asked. */
  refusal: unknown
  request: Request
  /** Set on the answer; sign-in puts its cookies here. */
  answerHeaders: Headers
}

const t = initTRPC.context<Context>().create({
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const cause = error.cause
    const problems: Problem[] | null = cause instanceof InvalidFlowError ? cause.problems : null
    const conflict: Conflict | null = cause instanceof StaleRevisionError ? cause.conflict : null
    const { stack: _, ...data } = shape.data
    return {
      ...shape,
      message: messageOf(error),
      data: { ...data, reason: explain(cause).code, problems, conflict },
    }
  },
})

/** One sentence: of a bad input, its first fault. Sentences of ours name the field themselves, in the words of the form. */
function messageOf(error: TRPCError): string {
  if (!(error.cause instanceof ZodError)) return error.message
  const issue = error.cause.issues[0]
  if (!issue || issue.message.endsWith('.')) return issue?.message ?? error.message
  const where = issue.path.join('.')
  return `${where ? `${where}: ` : ''}${issue.message}`
}

const codes: Record<number, TRPC_ERROR_CODE_KEY> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  410: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
}

/** Gives an error its tRPC code; what nobody expected is logged, and told as nothing but that. */
export function toTrpcError(cause: unknown, app: Pick<App, 'log'>, procedure: string): TRPCError {
  const { status, message } = explain(cause)
  if (status === 500) app.log.error({ err: cause, procedure }, 'A procedure failed')
  return new TRPCError({ code: codes[status] ?? 'INTERNAL_SERVER_ERROR', message, cause })
}

const explained = t.middleware(async ({ ctx, next, path }) => {
  const result = await next()
  if (result.ok || !result.error.cause || result.error.cause instanceof ZodError) return result
  throw toTrpcError(result.error.cause, ctx.app, path)
})

export const router = t.router

/** Before the schemas look at it: they recurse. */
const shallow = t.middleware(async ({ next, getRawInput }) => {
  if (isTooDeep(await getRawInput())) throw tooDeep()
  return next()
})

/** For everyone, signed in or not. */
export const publicProcedure = t.procedure.use(explained).use(shallow)

function procedureFor(needed: Role) {
  return publicProcedure.use(({ ctx, next }) => {
    const { caller } = ctx
    if (!caller && ctx.refusal) throw ctx.refusal
    if (!caller) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' })
    if (!atLeast(caller.role, needed)) {
      throw new TRPCError({
        code: 'FORBIDDEN',
        message: `This needs the role ${needed}; yours is ${caller.role}. Ask an admin of ${caller.workspaceName}.`,
      })
    }
    return next({ ctx: { ...ctx, caller } })
  })
}

/** Reads the workspace. */
export const guestProcedure = procedureFor('guest')
/** Changes and runs flows. */
export const userProcedure = procedureFor('user')
/** Manages the workspace. */
export const adminProcedure = procedureFor('admin')
