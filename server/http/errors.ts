import { ZodError } from 'zod'
import { explain, type Explanation } from '../explain'
import type { Logger } from '../log'

/** The answer to a request that failed: `{"error":{code,message,details}}`. What nobody expected is logged. */
export function errorResponse(
  error: unknown,
  log: Logger,
  doing: { method: string; path: string },
): Response {
  const explanation = error instanceof ZodError ? explainZod(error) : explain(error)
  if (explanation.status === 500) log.error({ err: error, ...doing }, 'A request failed')
  return explainedResponse(explanation)
}

function explainedResponse({ status, code, message, details, headers }: Explanation): Response {
  const challenge: Record<string, string> =
    status === 401 ? { 'WWW-Authenticate': 'Bearer realm="Millrace", Basic realm="Millrace"' } : {}
  const error = { code, message, ...(details === undefined ? {} : { details }) }
  return Response.json({ error }, { status, headers: { ...challenge, ...headers } })
}

/** A query or body that does not fit: 400 with what is wrong, by path. */
function explainZod(error: ZodError): Explanation {
  const faults = error.issues.map(({ path, message }) => ({ path: path.map(String), message }))
  const told = faults.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  return { status: 400, code: 'malformed', message: told, details: { faults } }
}
