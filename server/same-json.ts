import { isDeepStrictEqual } from 'node:util'
import type { Json } from '@/flow/json'

/** Whether a value is what was stored: what JSON leaves out does not count, nor does the order of members. */
export function isSameJson(stored: Json, value: Json): boolean {
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(value)))
}
