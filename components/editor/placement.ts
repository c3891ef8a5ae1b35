import { layoutOf } from '@/components/canvas/layout'
import { nodeWidth } from '@/components/canvas/node-look'
import type { FlowDocument, FlowNode, Point } from '@/flow/document'

/** Between a node and the next to its right, and the one below. */
export const gapX = 68
const gapY = 32

/** The nearest free place for a node inside a container (or outside of all) at or below a point, with a small margin. */
export function freePlace(
  document: FlowDocument,
  at: Point,
  height: number,
  parent: string | undefined,
): Point {
  const margin = 12
  const layout = layoutOf(document)
  const boxes = document.nodes
    .filter((node) => node.parent === parent)
    .map((node) => layout.boxOf(node.id))
    .filter((box) => box !== null)
  let y = at.y
  for (;;) {
    const hit = boxes.find(
      (box) =>
        box.x < at.x + nodeWidth + margin &&
        box.x + box.width + margin > at.x &&
        box.y < y + height + margin &&
        box.y + box.height + margin > y,
    )
    if (!hit) return { x: Math.round(at.x), y: Math.round(y) }
    y = hit.y + hit.height + gapY
  }
}

/** Whether all nodes stand at one and the same place. */
export function isHeap({ nodes }: FlowDocument): boolean {
  const [first, ...others] = nodes
  if (!first || others.length === 0) return false
  return others.every(({ position }) => position.x === first.position.x && position.y === first.position.y)
}

/** To the right of a node, where nothing else is. */
export function placeAfter(document: FlowDocument, node: FlowNode, height: number): Point {
  const box = layoutOf(document).boxOf(node.id)
  const right = box ? box.x + box.width : node.position.x + nodeWidth
  return freePlace(document, { x: right + gapX, y: box?.y ?? node.position.y }, height, node.parent)
}
