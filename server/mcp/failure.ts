import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { StepError } from '@/flow/kind'

const invalidParams = -32602

/** What a failure of the protocol means to the step: a StepError `mcp_…` or of the HTTP client, or the reason of the abort. */
export function mcpFailure(error: unknown, server: string, signal: AbortSignal): unknown {
  if (signal.aborted) return isTimeout(signal.reason) ? timedOut(server, error) : signal.reason
  const known = causes(error).find((each) => each instanceof StepError)
  if (known) return known
  const status = statusOf(error)
  if (status === 401 || status === 403 || error instanceof UnauthorizedError) {
    return new StepError(
      'mcp_unauthorized',
      `The MCP server ${server} refuses the request. Give it a header such as Authorization under Settings → MCP servers.`,
      { cause: error },
    )
  }
  if (status !== null) {
    return new StepError('mcp_unreachable', `The MCP server ${server} answered with status ${status}.`, {
      retryable: status === 429 || status >= 500,
      cause: error,
    })
  }
  if (error instanceof ProtocolError) {
    const code = error.code === invalidParams ? 'mcp_arguments_invalid' : 'mcp_failed'
    return new StepError(code, `The MCP server ${server} says: ${error.message}`, {
      details: { code: error.code },
      cause: error,
    })
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return timedOut(server, error)
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new StepError(
    'mcp_protocol',
    `What answers at ${server} does not speak the Model Context Protocol as it should: ${reason}`,
    { cause: error },
  )
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}

function timedOut(server: string, cause: unknown): StepError {
  return new StepError('mcp_timeout', `The MCP server ${server} did not answer in time.`, {
    retryable: true,
    cause,
  })
}

/** Whether the server has forgotten the session, so that nothing was done and a new one may ask again. */
export function isSessionLost(error: unknown): boolean {
  return (
    statusOf(error) === 404 ||
    (error instanceof SdkError &&
      (error.code === SdkErrorCode.NotConnected || error.code === SdkErrorCode.ConnectionClosed))
  )
}

function statusOf(error: unknown): number | null {
  const http = causes(error).find((each) => each instanceof SdkHttpError)
  return http?.status ?? null
}

function causes(error: unknown): unknown[] {
  const all: unknown[] = []
  for (let at = error; at instanceof Error && all.length < 10; at = at.cause) all.push(at)
  return all
}
