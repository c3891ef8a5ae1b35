import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { runLimits } from '@/flow/run/event'
import { defineRun, done, type HttpAnswer } from '../step'
import { readBody } from './answer'
import type { Config } from './definition'
import { outgoing } from './request'

export const run = defineRun<Config>({
  async run({ config, idempotencyKey, now, signal, services }) {
    const request = outgoing(config, idempotencyKey)
    const answer = await services.http({ ...request, signal, maxBytes: runLimits.valueBytes })
    if (failsOn(answer.status, config.failOn)) throw statusError(request, answer, now)
    return done({
      status: answer.status,
      headers: answer.headers,
      body: readBody(answer, config.responseType),
    })
  },
})

function failsOn(status: number, failOn: Config['failOn']): boolean {
  if (failOn === 'never') return false
  return status >= (failOn === '5xx' ? 500 : 400)
}

/** Answers after which the same request may well succeed. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

function statusError(request: { method: string; url: string }, answer: HttpAnswer, nowMs: number): StepError {
  const { origin, pathname } = new URL(request.url)
  const retryAfterMs = readRetryAfterMs(answer.headers['retry-after'], nowMs)
  const details: Json = {
    status: answer.status,
    headers: answer.headers,
    body: readBody({ ...answer, body: answer.body.slice(0, 8_192) }, 'auto'),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
  return new StepError('http_status', `${request.method} ${origin}${pathname} answered ${answer.status}.`, {
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
