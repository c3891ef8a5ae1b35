import { layoutOf } from '@/components/canvas/layout'
import { nodeOf, type FlowDocument, type Point } from '@/flow/document'

/** New places by node or note id, with those of all that is inside of moved containers and has no new place of its own. */
export function carried(document: FlowDocument, positions: Record<string, Point>): Record<string, Point> {
  const layout = layoutOf(document)
  const all = { ...positions }
  for (const node of document.nodes) {
    if (Object.hasOwn(positions, node.id)) continue
    const container = layout.aroundOf(node.id).find((each) => Object.hasOwn(positions, each))
    const to = container === undefined ? undefined : positions[container]
    const from = container === undefined ? undefined : nodeOf(document, container)?.position
    if (!to || !from) continue
    all[node.id] = { x: node.position.x + to.x - from.x, y: node.position.y + to.y - from.y }
  }
  return all
}
