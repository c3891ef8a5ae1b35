import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { nameOf } from './names'

/** Lines that go round in a circle: each group of steps that lead to each other once, by its shortest way round. */
export function cycleProblems(graph: Graph): Problem[] {
  const indexes = new Map(graph.document.nodes.map((node, index) => [node.id as string, index]))
  return knots(graph)
    .map((members) => wayRound(graph, members))
    .map((way) => {
      const first = way[0] ?? ''
      const names = [...way, first].map((id) => nameOf(graph, id)).join(' → ')
      return {
        code: 'cycle',
        severity: 'error',
        node: first,
        path: ['nodes', indexes.get(first) ?? 0],
        message: `These steps lead back to themselves: ${names}. Take one of the lines away.`,
      }
    })
}

/** The shortest way from the first member back to it. */
function wayRound(graph: Graph, members: ReadonlySet<string>): string[] {
  const [start = ''] = members
  const before = new Map<string, string>()
  const queue = [start]
  for (const at of queue) {
    for (const { to } of graph.outgoing(at)) {
      if (to === start) {
        const way = [at]
        for (let id = before.get(at); id !== undefined; id = before.get(id)) way.unshift(id)
        return way
      }
      if (!members.has(to) || before.has(to)) continue
      before.set(to, at)
      queue.push(to)
    }
  }
  return [...members]
}

/** Groups of two or more nodes that lead to each other (Tarjan's strongly connected components), without recursion. */
function knots(graph: Graph): ReadonlySet<string>[] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const found: ReadonlySet<string>[] = []
  for (const root of graph.document.nodes) {
    if (order.has(root.id)) continue
    const frames: { id: string; next: number }[] = [{ id: root.id, next: 0 }]
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { id } = frame
      if (frame.next === 0) {
        low.set(id, order.size)
        order.set(id, order.size)
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
      const members = stack.splice(stack.lastIndexOf(id))
      for (const member of members) onStack.delete(member)
      if (members.length > 1) found.push(new Set(members))
    }
  }
  return found
}
