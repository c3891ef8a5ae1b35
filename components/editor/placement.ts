import { lookOf, nodeWidth } from '@/components/canvas/node-look'
import type { FlowDocument, FlowNode, Point } from '@/flow/document'

/** Between a node and the next to its right, and the one below. */
export const gapX = 68
const gapY = 32

/** The nearest free place for a node at or below a point: nothing there within a small margin. */
export function freePlace(
  document: FlowDocument,
  at: Point,
  height: number,
  except: readonly string[] = [],
): Point {
  const margin = 12
  let y = at.y
  const others = document.nodes.filter((node) => !except.includes(node.id))
  for (;;) {
    const hit = others.find((node) => {
      const { width, height: other } = lookOf(node)
      return (
        node.position.x < at.x + nodeWidth + margin &&
        node.position.x + width + margin > at.x &&
        node.position.y < y + height + margin &&
        node.position.y + other + margin > y
      )
    })
    if (!hit) return { x: Math.round(at.x), y: Math.round(y) }
    y = hit.position.y + lookOf(hit).height + gapY
  }
}

/** To the right of a node, where nothing else is. */
export function placeAfter(document: FlowDocument, node: FlowNode, height: number): Point {
  return freePlace(document, { x: node.position.x + nodeWidth + gapX, y: node.position.y }, height)
}
