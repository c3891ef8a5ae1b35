import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { readBody } from './http-body'
import type { HttpAnswer } from './step'

/** Answers after which the same request may well succeed. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** The error that an answer is, with what it said. `called` begins the message: `GET https://example.com/orders`. */
export function statusError(called: string, answer: HttpAnswer, nowMs: number): StepError {
  const retryAfterMs = readRetryAfterMs(answer.headers['retry-after'], nowMs)
  const details: Json = {
    status: answer.status,
    headers: answer.headers,
    body: readBody({ ...answer, body: answer.body.slice(0, 8_192) }, 'auto'),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
  return new StepError('http_status', `${called} answered ${answer.status}.`, {
    retryable: passing.has(answer.status),
    details,
  })
}

/** Milliseconds to wait by a Retry-After header: seconds or an HTTP date. Null when there is none that can be read. */
function readRetryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}
