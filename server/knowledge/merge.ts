/** What a place in a list is worth falls off slowly: the usual constant of reciprocal rank fusion (Cormack and others, 2009). */
const flatness = 60

/**
 * One list of several, best first, by the places that each item has in them (reciprocal rank fusion): what is measured in
 * different ways is compared without weighing the measures. The score is 1 for what is first everywhere, less for
 * what stands lower or only in some.
 */
export function mergeRanks<T>(
  lists: readonly (readonly T[])[],
  keyOf: (item: T) => string,
): { item: T; score: number }[] {
  const merged = new Map<string, { item: T; score: number }>()
  for (const list of lists) {
    list.forEach((item, index) => {
      const worth = (flatness + 1) / (flatness + 1 + index) / lists.length
      const known = merged.get(keyOf(item))
      if (known) known.score += worth
      else merged.set(keyOf(item), { item, score: worth })
    })
  }
  // Sorting is stable: of equals the one that comes first in the first list stays first.
  return [...merged.values()].sort((one, other) => other.score - one.score)
}
