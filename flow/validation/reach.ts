import type { Graph } from '../graph'
import type { Problem } from '../problem'

/** No way in, steps that nothing leads to, and lines that go round in a circle. */
export function reachProblems(graph: Graph): Problem[] {
  const { document } = graph
  if (document.nodes.length === 0) {
    const message = 'This flow is empty. Add a trigger and a step.'
    return [{ code: 'no_trigger', severity: 'error', path: ['nodes'], message }]
  }
  const triggers = graph.triggers()
  const problems: Problem[] = []
  if (triggers.length === 0) {
    const message =
      'Nothing starts this flow. Add a trigger, such as Start, and connect it to the first step.'
    problems.push({ code: 'no_trigger', severity: 'error', path: ['nodes'], message })
  }
  const cyclic = cycles(graph)
  for (const members of cyclic) {
    const first = members[0] ?? ''
    problems.push({
      code: 'cycle',
      severity: 'error',
      node: first,
      path: ['nodes', indexOf(graph, first)],
      message: `These steps lead back to themselves: ${members.map((id) => nameOf(graph, id)).join(' → ')}. Take one of the lines away.`,
    })
  }
  if (triggers.length === 0) return problems
  const reached = new Set<string>(triggers.map((trigger) => trigger.id))
  for (const trigger of triggers) for (const id of graph.downstream(trigger.id)) reached.add(id)
  document.nodes.forEach((node, index) => {
    if (reached.has(node.id) || node.parent !== undefined || !graph.definition(node.id)) return
    const message = `Nothing leads to ${nameOf(graph, node.id)}, so it never runs. Connect it or delete it.`
    problems.push({
      code: 'unreachable',
      severity: 'warning',
      node: node.id,
      path: ['nodes', index],
      message,
    })
  })
  return problems
}

/** How a node is called in messages: its name, else its id. */
export function nameOf(graph: Graph, id: string): string {
  return graph.node(id)?.name || id
}

export function indexOf(graph: Graph, id: string): number {
  return graph.document.nodes.findIndex((node) => node.id === id)
}

/** Groups of nodes that lead to each other (Tarjan's strongly connected components), without recursion. */
function cycles(graph: Graph): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: string[][] = []
  for (const root of graph.document.nodes) {
    if (order.has(root.id)) continue
    const frames: { id: string; next: number }[] = [{ id: root.id, next: 0 }]
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { id } = frame
      if (frame.next === 0) {
        order.set(id, order.size)
        low.set(id, order.get(id) ?? 0)
        stack.push(id)
        onStack.add(id)
      }
      const edge = graph.outgoing(id)[frame.next++]
      if (edge) {
        if (!order.has(edge.to)) frames.push({ id: edge.to, next: 0 })
        else if (onStack.has(edge.to)) low.set(id, Math.min(low.get(id) ?? 0, order.get(edge.to) ?? 0))
        continue
      }
      frames.pop()
      const above = frames.at(-1)
      if (above) low.set(above.id, Math.min(low.get(above.id) ?? 0, low.get(id) ?? 0))
      if (low.get(id) !== order.get(id)) continue
      const members = stack.splice(stack.indexOf(id))
      for (const member of members) onStack.delete(member)
      const isLoop = members.length > 1 || graph.outgoing(id).some((each) => each.to === id)
      if (isLoop) found.push(members)
    }
  }
  return found
}
