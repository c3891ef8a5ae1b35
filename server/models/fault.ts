import { APICallError } from 'ai'
import { z } from 'zod'

/** What a provider says has gone wrong, by the status of its answer or in the midst of a stream. */
export interface Fault {
  /** Of HTTP; null when nothing tells. */
  status: number | null
  message: string
  /** All of it, as it came. */
  body: string
  headers: Readonly<Record<string, string>>
}

/** As Anthropic, OpenAI and servers like it name in a stream what has a status of its own outside of one. */
const statusOfName: readonly [RegExp, number][] = [
  [/rate_limit|insufficient_quota|resource_exhausted/i, 429],
  [/authentication/i, 401],
  [/permission/i, 403],
  [/not_found/i, 404],
  [/too_large/i, 413],
  [/overloaded/i, 529],
  [/invalid|bad_?request|context_length/i, 400],
]

const streamedSchema = z.object({
  message: z.string(),
  statusCode: z.number().optional(),
  type: z.unknown().optional(),
  code: z.unknown().optional(),
})

/** Null: it is no saying of a provider. */
export function faultOf(error: unknown): Fault | null {
  if (APICallError.isInstance(error)) {
    const { statusCode = null, message, responseBody: body = '', responseHeaders: headers = {} } = error
    return { status: statusCode === 500 ? (namedStatus(body) ?? 500) : statusCode, message, body, headers }
  }
  if (error instanceof Error) return null
  const streamed = streamedSchema.safeParse(error)
  if (!streamed.success) return null
  const { message, statusCode, type, code } = streamed.data
  const numbered = [statusCode, Number(code)].find((each) => each !== undefined && each >= 400 && each < 600)
  const status = numbered ?? statusNamed([code, type].join(' ')) ?? 500
  return { status, message, body: JSON.stringify(error), headers: {} }
}

/** The SDK tells a fault at the very beginning of a stream as 500, whatever it is; its name tells more. */
function namedStatus(body: string): number | null {
  try {
    const { type } = z.object({ type: z.string() }).parse(JSON.parse(body))
    return statusNamed(type)
  } catch {
    return null
  }
}

function statusNamed(names: string): number | null {
  return statusOfName.find(([pattern]) => pattern.test(names))?.[1] ?? null
}
