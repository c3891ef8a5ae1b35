import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { nameOf } from './names'

/** Nodes that claim an address which an earlier one has, such as two webhooks with the same path. */
export function addressProblems(graph: Graph): Problem[] {
  const owners = new Map<string, string>()
  return graph.document.nodes.flatMap((node, index): Problem[] => {
    const definition = graph.kinds.get(node.kind)
    if (!definition?.addresses || !definition.config.safeParse(node.config).success) return []
    const addresses = definition.addresses(node.config)
    const taken = addresses.find((address) => owners.has(address))
    for (const address of addresses) if (!owners.has(address)) owners.set(address, node.id)
    const owner = taken === undefined ? undefined : owners.get(taken)
    if (taken === undefined || owner === undefined || owner === node.id) return []
    const message = `${nameOf(graph, node.id)} and ${nameOf(graph, owner)} both answer to ${taken}. Change one of them.`
    return [
      {
        code: 'duplicate_address',
        severity: 'error',
        node: node.id,
        path: ['nodes', index, 'config'],
        message,
      },
    ]
  })
}
