import type { FlowDocument, FlowNode } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { kinds } from '@/nodes/definitions'
import { layoutOf } from './layout'
import { lookOf } from './node-look'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The node that an arrow key leads to: along the lines to the left and right, else the nearest on that side. */
export function neighborOf(document: FlowDocument, from: FlowNode, direction: Direction): FlowNode | null {
  const graph = graphOf(document, kinds)
  const linked =
    direction === 'right'
      ? graph.outgoing(from.id).map((edge) => graph.node(edge.to))
      : direction === 'left'
        ? graph.incoming(from.id).map((edge) => graph.node(edge.from))
        : []
  const candidates = linked.filter((node) => node !== undefined)
  if (candidates.length > 0) return nearest(from, candidates, () => 0)
  const sideways = direction === 'up' || direction === 'down'
  const { behind } = layoutOf(document)
  const side = document.nodes.filter(
    (node) => node.id !== from.id && behind(node.id) === null && ahead(from, node, direction) > 8,
  )
  return nearest(from, side, (node) => {
    const [dx, dy] = offset(from, node)
    return sideways ? Math.abs(dx) : Math.abs(dy)
  })
}

function ahead(from: FlowNode, to: FlowNode, direction: Direction): number {
  const [dx, dy] = offset(from, to)
  return { left: -dx, right: dx, up: -dy, down: dy }[direction]
}

function offset(from: FlowNode, to: FlowNode): [number, number] {
  const shift = (lookOf(to).height - lookOf(from).height) / 2
  return [to.position.x - from.position.x, to.position.y - from.position.y + shift]
}

/** The closest; being `off` the straight way counts twice. */
function nearest(
  from: FlowNode,
  nodes: readonly FlowNode[],
  off: (node: FlowNode) => number,
): FlowNode | null {
  let best: { node: FlowNode; cost: number } | null = null
  for (const node of nodes) {
    const cost = Math.hypot(...offset(from, node)) + 2 * off(node)
    if (!best || cost < best.cost) best = { node, cost }
  }
  return best?.node ?? null
}
