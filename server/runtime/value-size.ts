import type { Json } from '@/flow/json'

/**
 * Whether a value's JSON text is surely longer than `limit`. Stops as soon as it knows, so a giant costs no more than the
 * limit; counts characters, so texts beyond ASCII may pass with some bytes more.
 */
export function exceedsBytes(value: Json, limit: number): boolean {
  return roughSize(value, limit) > limit
}

/** About how long a value's JSON text is; not looked at any further once that is more than `enough`. */
export function roughSize(value: Json, enough = Infinity): number {
  let size = 0
  const stack: Json[] = [value]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (typeof at === 'string') size += at.length + 2
    else if (Array.isArray(at)) {
      size += at.length + 1
      if (size <= enough) for (const item of at) stack.push(item)
    } else if (typeof at === 'object' && at !== null) {
      for (const [key, member] of Object.entries(at)) {
        size += key.length + 4
        stack.push(member)
      }
    } else size += 4
    if (size > enough) return size
  }
  return size
}
