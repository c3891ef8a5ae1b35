import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { faultOf, type Fault } from './fault'

/** As providers and servers say that what they are asked is longer than the model can read. */
const tooLong =
  /context[_ ](length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds the maximum number of tokens/i

const spent = /insufficient_quota|credit balance|billing_(hard_limit|not_active)/i

/** What a failed call to a model means to the step that made it: a StepError `model_…`, or the reason of the abort. */
export function modelFailure(error: unknown, model: string, signal: AbortSignal, key?: string): unknown {
  if (signal.aborted) return abortFailure(signal.reason, model)
  if (error instanceof StepError) return isNetwork(error) ? unavailable(model, error, key) : error
  const fault = faultOf(error)
  if (!fault) return unavailable(model, error, key)
  const { status, body } = fault
  const said = saying(fault.message, key)
  const options = { cause: error, details: detailsOf(fault) }
  if (status === null) return unavailable(model, error, key)
  if (isRefusal(status, body)) {
    return new StepError('model_auth', `The provider of ${model} refuses the key${said}. Check it.`, options)
  }
  if (status === 404) {
    return new StepError('model_unknown', `The provider knows no model ${model}${said}.`, options)
  }
  // No pause mends what is not paid for. Google tells of paying in each 429, also when a minute's pause is all that is wanted.
  if (status === 402 || spent.test(body)) {
    return new StepError(
      'model_rate_limited',
      `The provider of ${model} wants to be paid first${said}.`,
      options,
    )
  }
  if (status === 429) {
    return new StepError(
      'model_rate_limited',
      `The provider of ${model} takes no more requests now${said}.`,
      {
        ...options,
        retryable: true,
      },
    )
  }
  if (status >= 300 && status < 400) {
    return new StepError(
      'model_request_refused',
      `The address of ${model} leads elsewhere: it answered ${status}. Write the address that it leads to in Settings.`,
      options,
    )
  }
  // Below 300: it began to answer well, and what came then could not be read.
  if (status < 300 || status === 408 || status >= 500) return unavailable(model, error, key)
  if (status === 413 || tooLong.test(`${fault.message} ${body}`)) {
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
  const fault = faultOf(cause)
  const status = fault?.status ?? null
  const answered = status === null ? '' : ` It answered ${status}.`
  const words = fault?.message ?? (cause instanceof Error ? cause.message : '')
  const message = words.replace(/^Cannot connect to API: /, '')
  return new StepError(
    'model_unavailable',
    status !== null && status < 300
      ? `${model} broke off in the middle of its answer, or what it answered cannot be read.`
      : `${model} cannot be reached or broke off${saying(message, key)}.${answered}`,
    {
      ...{ retryable: true, cause },
      ...(fault ? { details: detailsOf(fault) } : {}),
    },
  )
}

function abortFailure(reason: unknown, model: string): unknown {
  if (!(reason instanceof Error) || reason.name !== 'TimeoutError') return reason
  return new StepError('model_unavailable', `${model} did not answer in time.`, {
    retryable: true,
    cause: reason,
  })
}

/** Servers like to repeat the key that they refuse. */
function saying(words: string, key: string | undefined): string {
  const said = key ? words.replaceAll(key, '…') : words
  const message = said.trim().replace(/\.$/, '')
  return message === '' ? '' : `: ${message.slice(0, 500)}`
}

function detailsOf({ status, headers, body }: Fault): Json {
  const retryAfterMs = retryAfterMsOf(headers) ?? retryDelayMsIn(body)
  return { status, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
}

/** Milliseconds by `retry-after-ms` (OpenAI) or `retry-after`, in seconds or as a date; null when there is neither. */
function retryAfterMsOf(headers: Fault['headers']): number | null {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(ms)) return ms
  const after = headers['retry-after'] ?? ''
  const seconds = Number(after || Number.NaN)
  if (Number.isFinite(seconds)) return seconds * 1_000
  const at = Date.parse(after)
  return Number.isFinite(at) ? Math.max(at - Date.now(), 0) : null
}

/** Google says it in the body (google.rpc.RetryInfo): `"retryDelay": "36.5s"`. */
function retryDelayMsIn(body: string): number | null {
  const seconds = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1]
  return seconds === undefined ? null : Math.round(Number(seconds) * 1_000)
}
