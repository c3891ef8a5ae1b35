import { StepError } from '@/flow/kind'
import { AddressRefusedError } from './connect'

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

/** What a request that got no answer means to the step that sent it: a StepError, or the reason of the abort. */
export function requestFailure(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (signal.aborted) return abortFailure(signal.reason, url)
  if (error instanceof StepError) return error
  const refused = causes(error).find((each) => each instanceof AddressRefusedError)
  if (refused) return refusedError(refused)
  const code = codeOf(error)
  if (timeoutCodes.has(code)) {
    return new StepError('http_timeout', `${url.host} did not answer in time.`, {
      retryable: true,
      cause: error,
    })
  }
  const isCertificate = /CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)
  return new StepError('http_network', networkMessage(code, url, error), {
    retryable: !isCertificate,
    details: { code },
    cause: error,
  })
}

function abortFailure(reason: unknown, url: URL): unknown {
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new StepError('http_timeout', `${url.host} did not answer in time.`, {
      retryable: true,
      cause: reason,
    })
  }
  return reason
}

function refusedError(error: AddressRefusedError): StepError {
  const host = error.hostname.includes(':') ? `[${error.hostname}]` : error.hostname
  const place = `${host}:${error.port}`
  const through = error.hostname === error.address ? '' : ` (${error.address})`
  return new StepError(
    'http_address_refused',
    `${place}${through} is a private address, which flows may not reach. ` +
      `To allow it, start Millrace with MILLRACE_HTTP_ALLOW=${place}.`,
    { cause: error },
  )
}

function networkMessage(code: string, url: URL, error: unknown): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host ${url.hostname}, or its name cannot be looked up now.`
    case 'ECONNREFUSED':
      return `Nothing answers at ${url.host}.`
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
    case 'EPIPE':
      return `${url.host} closed the connection before it had answered.`
    default:
      return `${url.host} could not be reached: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** An error and what caused it, however deep; of several attempts at once each one. */
function causes(error: unknown, depth = 0): unknown[] {
  if (!(error instanceof Error) || depth > 5) return [error]
  const inner = error instanceof AggregateError ? error.errors : []
  return [error, ...[...inner, error.cause].filter(Boolean).flatMap((each) => causes(each, depth + 1))]
}

function codeOf(error: unknown): string {
  for (const each of causes(error)) {
    if (each instanceof Error && 'code' in each && typeof each.code === 'string') return each.code
  }
  return 'unknown'
}
