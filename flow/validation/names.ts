import type { Graph } from '../graph'

/** How a node is called in messages: its name, else its kind's title, as it is drawn. */
export function nameOf(graph: Graph, id: string): string {
  return graph.node(id)?.name || (graph.definition(id)?.title ?? id)
}
