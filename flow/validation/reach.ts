import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { nameOf } from './names'

/** No way in, and steps that nothing leads to. */
export function reachProblems(graph: Graph): Problem[] {
  const { document } = graph
  const none = (message: string): Problem[] => [
    { code: 'no_trigger', severity: 'error', path: ['nodes'], message },
  ]
  if (document.nodes.length === 0) return none('This flow is empty. Add a trigger and a step.')
  const triggers = graph.triggers()
  if (triggers.length === 0)
    return none('Nothing starts this flow. Add a trigger, such as Start, and connect it to the first step.')
  const reached = new Set<string>(triggers.map((trigger) => trigger.id))
  for (const at of reached) for (const { to } of graph.outgoing(at)) reached.add(to)
  const problems: Problem[] = []
  document.nodes.forEach((node, index) => {
    if (reached.has(node.id) || node.parent !== undefined || !graph.definition(node.id)) return
    problems.push({
      code: 'unreachable',
      severity: 'warning',
      node: node.id,
      path: ['nodes', index],
      message: `Nothing leads to ${nameOf(graph, node.id)}, so it never runs. Connect it or delete it.`,
    })
  })
  return problems
}
