/** What a place in a list is worth falls off slowly: the usual constant of reciprocal rank fusion (Cormack and others, 2009). */
const flatness = 60

interface Merged<T> {
  /** As it stands in each list that has it, in their order. */
  items: [T, ...T[]]
  /** 1 for what is first in every list, less for what stands lower or only in some. */
  worth: number
}

/**
 * One list of several, best first, by the places that each item has in them (reciprocal rank fusion): what is measured in
 * different ways is put in order without weighing the measures against each other.
 */
export function mergeRanks<T>(lists: readonly (readonly T[])[], keyOf: (item: T) => string): Merged<T>[] {
  const merged = new Map<string, Merged<T>>()
  for (const list of lists) {
    list.forEach((item, index) => {
      const worth = (flatness + 1) / (flatness + 1 + index) / lists.length
      const known = merged.get(keyOf(item))
      if (!known) return merged.set(keyOf(item), { items: [item], worth })
      known.items.push(item)
      known.worth += worth
    })
  }
  // Sorting is stable: of equals the one that comes first in the first list stays first.
  return [...merged.values()].sort((one, other) => other.worth - one.worth)
}
