import type { Graph } from '../graph'

/** How a node is called in messages: its name, else its id. */
export function nameOf(graph: Graph, id: string): string {
  return graph.node(id)?.name || id
}
