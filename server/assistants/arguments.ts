import { isTooDeep, jsonObjectSchema, type JsonObject } from '@/flow/json'
import { RequestError } from '../request-error'

/** Models write arguments as a text; none at all stands for `{}`. Throws RequestError `arguments_invalid`. */
export function parseArguments(given: JsonObject | string): JsonObject {
  if (typeof given !== 'string') return given
  if (given.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(given)
    const parsed = isTooDeep(value) ? null : jsonObjectSchema.safeParse(value)
    if (parsed?.success) return parsed.data
  } catch {
    // Told below, as every other text that is no object.
  }
  throw new RequestError(
    422,
    'arguments_invalid',
    'The arguments are not a JSON object, such as {"account": "12345"}.',
  )
}
