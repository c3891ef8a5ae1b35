import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { nameOf } from './names'

/** Containers that hold nothing: they would go over their items for no reason. */
export function containerProblems(graph: Graph): Problem[] {
  return graph.document.nodes.flatMap((node, index): Problem[] => {
    if (!graph.definition(node.id)?.container || graph.bodyOf(node.id).length > 0) return []
    return [
      {
        code: 'container_empty',
        severity: node.disabled ? 'warning' : 'error',
        node: node.id,
        path: ['nodes', index],
        message: `${nameOf(graph, node.id)} holds no steps. Put inside it what is to be done each time, or delete it.`,
      },
    ]
  })
}
