import { overlap, stemsOf } from './words'

/** Something found in a text, and where. */
export interface Find<T> {
  value: T
  index: number
  length: number
  /** Speaks for it beyond the words around. */
  bonus?: number
}

/** Each is weighed by the words around it. */
const mostFinds = 200

/**
 * Of several finds the one whose neighbourhood shares most words with the topic; one that another field has taken counts
 * only when its words speak for it. The find is taken then.
 */
export function nearest<T>(
  finds: readonly Find<T>[],
  text: string,
  topic: ReadonlySet<string>,
  taken: Set<number>,
  leastScore = 0,
): T | undefined {
  let best: { find: Find<T>; score: number } | undefined
  for (const find of finds.slice(0, mostFinds)) {
    const end = find.index + find.length
    const shared = (before: number, after: number) =>
      overlap(topic, new Set(stemsOf(text.slice(Math.max(0, find.index - before), end + after))))
    const score = shared(60, 30) + 2 * shared(15, 12) + (find.bonus ?? 0)
    if (taken.has(find.index) && score === 0) continue
    const weighed = score - (taken.has(find.index) ? 0.5 : 0)
    if (weighed >= leastScore && weighed > (best?.score ?? -1)) best = { find, score: weighed }
  }
  if (!best) return undefined
  taken.add(best.find.index)
  return best.find.value
}

/** All places of a text where a pattern stands. It must be global. */
export function findsOf(text: string, pattern: RegExp): Find<string>[] {
  return [...text.matchAll(pattern)].map((match) => ({
    value: match[0],
    index: match.index,
    length: match[0].length,
  }))
}
