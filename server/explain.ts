import pg from 'pg'
import { ConflictError, NotFoundError } from '@/db/errors'
import { StepError } from '@/flow/kind'
import { RequestError } from './request-error'

/** An error as people and programs outside are told it. */
export interface Explanation {
  status: number
  code: string
  message: string
  details?: unknown
  headers?: Record<string, string>
}

/** The one place that turns what was thrown into an answer. 500 = nobody expected it: the caller logs it. */
export function explain(error: unknown): Explanation {
  if (error instanceof RequestError) {
    const { status, code, message, options } = error
    return { status, code, message, details: options.details, headers: options.headers }
  }
  if (error instanceof NotFoundError) return { status: 404, code: error.code, message: error.message }
  if (error instanceof ConflictError) return { status: 409, code: error.code, message: error.message }
  if (error instanceof StepError) return { status: 422, code: error.code, message: error.message }
  if (isDatabaseAway(error)) {
    return {
      status: 503,
      code: 'database_unavailable',
      message:
        'The database cannot be reached right now. What was started goes on when it is back; try again in a moment.',
      headers: { 'Retry-After': '2' },
    }
  }
  if (causesOf(error).some(isUnstorableText)) {
    return {
      status: 400,
      code: 'text_unstorable',
      message: 'A text holds a character that cannot be stored (U+0000). Remove it and try again.',
    }
  }
  return {
    status: 500,
    code: 'internal',
    message: 'Something went wrong on the server. Its log says what.',
  }
}

/** Refused or cut connections, a server that is starting or stopping, a pool that waited in vain. */
const socketCodes =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)$/
const poolMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

export function isDatabaseAway(error: unknown): boolean {
  return causesOf(error).some((at) => {
    if (at instanceof pg.DatabaseError && /^(08|57P0|53300)/.test(at.code ?? '')) return true
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true
    if ('code' in at && typeof at.code === 'string' && socketCodes.test(at.code)) return true
    return poolMessages.test(at.message)
  })
}

/** PostgreSQL holds no U+0000 in texts, and says so in two ways: for plain ones and for those within JSON. */
function isUnstorableText(error: Error): boolean {
  return error instanceof pg.DatabaseError && (error.code === '22021' || error.code === '22P05')
}

/** The error and what led to it, outermost first. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let at = error; at instanceof Error && causes.length < 5; at = at.cause) causes.push(at)
  return causes
}
