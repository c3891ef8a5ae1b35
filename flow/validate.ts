import { documentLimits, type FlowDocument } from './document'
import { graphOf } from './graph'
import type { Kinds } from './kind'
import type { Problem } from './problem'
import { edgeProblems } from './validation/edges'
import { joinProblems } from './validation/joins'
import { nodeProblems } from './validation/nodes'
import { reachProblems } from './validation/reach'

/**
 * Everything that is wrong with a document, in the order of its nodes; running and publishing demand that nothing is an
 * error. Never throws. Nodes that did not change since the last call are not looked at again.
 */
export function validate(document: FlowDocument, kinds: Kinds): Problem[] {
  const graph = graphOf(document, kinds)
  const problems = [
    ...sizeProblems(document),
    ...duplicateProblems(document),
    ...reachProblems(graph),
    ...document.nodes.flatMap((node, index) => nodeProblems(graph, node, index)),
    ...edgeProblems(graph),
    ...joinProblems(graph),
  ]
  return problems
}

function sizeProblems(document: FlowDocument): Problem[] {
  if (document.nodes.length <= documentLimits.nodes) return []
  const message = `A flow has at most ${documentLimits.nodes} steps. Move some into a flow of their own.`
  return [{ code: 'too_many_nodes', severity: 'error', path: ['nodes'], message }]
}

function duplicateProblems(document: FlowDocument): Problem[] {
  const seen = new Set<string>()
  return document.nodes.flatMap((node, index): Problem[] => {
    const isFirst = !seen.has(node.id)
    seen.add(node.id)
    if (isFirst) return []
    const message = `Two steps have the id ${node.id}. Give one of them another.`
    return [{ code: 'duplicate_id', severity: 'error', node: node.id, path: ['nodes', index, 'id'], message }]
  })
}
