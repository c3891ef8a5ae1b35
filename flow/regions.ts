import type { Graph } from './graph'
import { topologicalOrder } from './topological-order'

/**
 * For every node with several ways out: the node where they come together again. That is the first one that all of them
 * lead to; when some end the run before, the first that as many as possible lead to. Null when no two meet, and for
 * nodes in circles.
 */
export function mergesOf(graph: Graph): ReadonlyMap<string, string | null> {
  const order = topologicalOrder(graph)
  const places = new Map(order.map((id, place) => [id, place]))
  const words = Math.ceil(order.length / 32)
  /** One row of bits for each node: the places of all that it leads to, its own with them. */
  const rows = order.map(() => new Uint32Array(words))
  const merges = new Map<string, string | null>()
  for (let place = order.length - 1; place >= 0; place--) {
    const id = order[place] ?? ''
    const row = rows[place]
    if (!row) continue
    row[place >>> 5] = 1 << (place & 31)
    const ways: Uint32Array[] = []
    for (const to of new Set(graph.outgoing(id).map((edge) => edge.to))) {
      const way = rows[places.get(to) ?? -1]
      if (!way) continue
      ways.push(way)
      for (let word = 0; word < words; word++) row[word] = (row[word] ?? 0) | (way[word] ?? 0)
    }
    const merge = ways.length > 1 ? firstShared(ways, words) : -1
    merges.set(id, order[merge] ?? null)
  }
  return merges
}

/** The first place that most rows have, at least two; -1 when there is none. */
function firstShared(rows: readonly Uint32Array[], words: number): number {
  let most = 1
  let first = -1
  for (let word = 0; word < words; word++) {
    let any = 0
    for (const row of rows) any |= row[word] ?? 0
    if (any === 0) continue
    for (let bit = 0; bit < 32; bit++) {
      if (((any >>> bit) & 1) === 0) continue
      let count = 0
      for (const row of rows) count += ((row[word] ?? 0) >>> bit) & 1
      if (count <= most) continue
      most = count
      first = word * 32 + bit
      if (most === rows.length) return first
    }
  }
  return first
}
