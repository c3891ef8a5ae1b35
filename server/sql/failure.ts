import pg from 'pg'
import type { JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { interruptedCode } from '@/flow/retry'

/** SQLSTATEs and classes of them by what they mean to the step. */
const conflicts: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])
const awayClasses: ReadonlySet<string> = new Set(['08', '53', '57', '58'])
const awayCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Why COPY does not work, as the database repeats it. */
export const copyRefusal = 'a step has no rows to send to COPY'

/** What an error of the driver or the database means. `place` is the database as an error may show it. */
export function sqlFailure(error: unknown, place: string): StepError {
  if (error instanceof StepError) return error
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const fail = (as: string, text: string, retryable: boolean) =>
    new StepError(as, text, { retryable, details: detailsOf(error, code) })

  if (code === '25006') {
    return fail(
      'sql_read_only',
      `This statement writes, and the step only reads (${message}). Turn “Only reads” off if it is meant to write.`,
      false,
    )
  }
  if (code === '57014' && !message.includes(copyRefusal)) {
    return fail(
      'sql_timeout',
      `The database ended the statement: ${message}. It may take five minutes.`,
      true,
    )
  }
  if (conflicts.has(code)) return fail('sql_conflict', `Another transaction was in the way: ${message}`, true)
  if (code === '28P01' || code === '28000' || /password|SASL/.test(code === '' ? message : '')) {
    return fail('sql_auth', `${place} does not let this user in. Look at the name and the password.`, false)
  }
  if (code === '57014') return fail('sql_failed', `The database refused: ${message}`, false)
  const isAway = code === '' || awayCodes.has(code) || awayClasses.has(code.slice(0, 2))
  if (!(error instanceof pg.DatabaseError) && isAway) {
    return fail(
      'sql_unreachable',
      `The database ${place} cannot be reached: ${reasonOf(code, message)}`,
      true,
    )
  }
  if (isAway) return fail('sql_unreachable', `The database ${place} is not available: ${message}`, true)
  return fail('sql_failed', `The database refused: ${message}`, false)
}

/** The connection was lost while what was written was being made final. */
export function commitUnknown(place: string, cause: unknown): StepError {
  return new StepError(
    interruptedCode,
    `The connection to ${place} was lost while the change was being made final, and nobody knows whether it was. Look, then continue the run.`,
    { retryable: false, cause },
  )
}

/** Not an error of the statement: the connection itself is gone. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error)
  if (error instanceof pg.DatabaseError) return code.startsWith('57P')
  return code === '' || awayCodes.has(code)
}

function reasonOf(code: string, message: string): string {
  if (code === 'ECONNREFUSED') return 'nothing answers there.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'its host is not known, or cannot be looked up now.'
  return message
}

function detailsOf(error: unknown, sqlstate: string): JsonObject {
  const details: JsonObject = sqlstate === '' ? {} : { sqlstate }
  if (!(error instanceof pg.DatabaseError)) return details
  for (const key of ['position', 'hint', 'detail', 'table', 'column', 'constraint'] as const) {
    const value = error[key]
    if (value !== undefined) details[key] = value
  }
  return details
}

function codeOf(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error]
  for (const each of causes) {
    if (each instanceof Error && 'code' in each && typeof each.code === 'string') return each.code
  }
  return ''
}
