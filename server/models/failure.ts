import { APICallError } from 'ai'
import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'

/** As providers and servers say that what they are asked is longer than the model can read. */
const tooLong =
  /context[_ ](length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds the maximum number of tokens/i

/** What a failed call to a model means to the step that made it: a StepError `model_…`, or the reason of the abort. */
export function modelFailure(error: unknown, model: string, signal: AbortSignal, key?: string): unknown {
  if (signal.aborted) return abortFailure(signal.reason, model)
  if (error instanceof StepError) return isNetwork(error) ? unavailable(model, error, key) : error
  if (!APICallError.isInstance(error)) return unavailable(model, error, key)
  const said = saying(error, key)
  const options = { cause: error, details: detailsOf(error) }
  const status = error.statusCode ?? 0
  if (isRefusal(status, error.responseBody ?? '')) {
    return new StepError('model_auth', `The provider of ${model} refuses the key${said}. Check it.`, options)
  }
  if (status === 404) {
    return new StepError('model_unknown', `The provider knows no model ${model}${said}.`, options)
  }
  if (status === 429) {
    // Out of credit is told by the same status, and no pause mends it.
    const isSpent = /insufficient_quota|credit|billing/i.test(error.responseBody ?? '')
    return new StepError(
      'model_rate_limited',
      `The provider of ${model} takes no more requests now${said}.`,
      {
        ...options,
        retryable: !isSpent,
      },
    )
  }
  // Below 400: it began to answer well, and what came then could not be read.
  if (status < 400 || status === 408 || status >= 500) return unavailable(model, error, key)
  if (status === 413 || tooLong.test(`${error.message} ${error.responseBody ?? ''}`)) {
    return new StepError(
      'model_prompt_too_long',
      `What ${model} is asked is longer than it can read${said}. Give it less, or a model with a larger context.`,
      options,
    )
  }
  return new StepError('model_request_refused', `${model} refuses the request${said}.`, options)
}

/** The key is not taken. Google says so with 400. */
export function isRefusal(status: number, body: string): boolean {
  return status === 401 || status === 403 || (status === 400 && /API_KEY_INVALID/.test(body))
}

/** What the guarded client says of a connection; that an address is refused is said as it is. */
function isNetwork({ code }: StepError): boolean {
  return code.startsWith('http_') && code !== 'http_address_refused'
}

export function unavailable(model: string, cause: unknown, key?: string): StepError {
  const status = APICallError.isInstance(cause) && cause.statusCode ? ` It answered ${cause.statusCode}.` : ''
  const said = cause instanceof Error ? saying(cause, key) : ''
  return new StepError('model_unavailable', `${model} cannot be reached or broke off${said}.${status}`, {
    retryable: true,
    cause,
    ...(APICallError.isInstance(cause) ? { details: detailsOf(cause) } : {}),
  })
}

function abortFailure(reason: unknown, model: string): unknown {
  if (!(reason instanceof Error) || reason.name !== 'TimeoutError') return reason
  return new StepError('model_unavailable', `${model} did not answer in time.`, {
    retryable: true,
    cause: reason,
  })
}

/** Servers like to repeat the key that they refuse. */
function saying(error: Error, key: string | undefined): string {
  const said = key ? error.message.replaceAll(key, '…') : error.message
  const message = said.trim().replace(/\.$/, '')
  return message === '' ? '' : `: ${message.slice(0, 500)}`
}

function detailsOf(error: APICallError): Json {
  const retryAfterMs = retryAfterMsOf(error.responseHeaders ?? {})
  return {
    status: error.statusCode ?? null,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
}

/** Milliseconds by `retry-after-ms` (OpenAI) or `retry-after`, in seconds or as a date; null when there is neither. */
function retryAfterMsOf(headers: Record<string, string>): number | null {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(ms)) return ms
  const after = headers['retry-after'] ?? ''
  const seconds = Number(after || Number.NaN)
  if (Number.isFinite(seconds)) return seconds * 1_000
  const at = Date.parse(after)
  return Number.isFinite(at) ? Math.max(at - Date.now(), 0) : null
}
