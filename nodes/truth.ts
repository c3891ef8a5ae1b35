import type { Json } from '@/flow/json'

/**
 * Whether a value counts as true, by the rule of JSONata's `$boolean`: false, 0, null, empty text, an empty object
 * and a list without a true member do not.
 */
export function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.some(isTrue)
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}
