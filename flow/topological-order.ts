import type { Graph } from './graph'

/** Ids of the nodes, every one after all that lead to it; those in circles and behind them are left out. */
export function topologicalOrder(graph: Graph): string[] {
  const ids = [...new Set(graph.document.nodes.map((node): string => node.id))]
  const left = new Map(ids.map((id) => [id, graph.incoming(id).length]))
  const order = ids.filter((id) => left.get(id) === 0)
  for (const id of order) {
    for (const { to } of graph.outgoing(id)) {
      const count = (left.get(to) ?? 0) - 1
      left.set(to, count)
      if (count === 0) order.push(to)
    }
  }
  return order
}
