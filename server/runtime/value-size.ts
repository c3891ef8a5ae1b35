import type { Json } from '@/flow/json'

/**
 * Whether a value's JSON text is surely longer than `limit`. Stops as soon as it knows, so a giant costs no more than the
 * limit; counts characters, so texts beyond ASCII may pass with some bytes more.
 */
export function exceedsBytes(value: Json, limit: number): boolean {
  let left = limit
  const stack: Json[] = [value]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (typeof at === 'string') left -= at.length + 2
    else if (Array.isArray(at)) {
      left -= at.length + 1
      if (left >= 0) for (const item of at) stack.push(item)
    } else if (typeof at === 'object' && at !== null) {
      for (const [key, member] of Object.entries(at)) {
        left -= key.length + 4
        stack.push(member)
      }
    } else left -= 4
    if (left < 0) return true
  }
  return false
}
