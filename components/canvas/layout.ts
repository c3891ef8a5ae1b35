import type { FlowDocument, FlowNode, Point } from '@/flow/document'
import { headCenter, lookOf, portCenter } from './node-look'
import { around, type Box } from './snap'

/** Between the border of a frame and what is inside of it, in canvas pixels. */
export const framePadding = { side: 24, top: 28, bottom: 44 }
/** Of a frame with little or nothing inside. */
export const leastFrame = { width: 300, height: 132 }

/** Where the nodes of a document are drawn. Boxes are in canvas coordinates, whatever a node is inside of. */
export interface Layout {
  /** Null for a node that is not there. */
  boxOf(id: string): Box | null
  /** An open container: a frame around its insides. */
  isFrame(id: string): boolean
  /** The collapsed container that stands for a node that is inside of it; null when the node is drawn. */
  behind(id: string): string | null
  /** The containers around a node, inner ones first. */
  aroundOf(id: string): readonly string[]
  /** The innermost frame at a point, leaving out some nodes and all that is inside of them. */
  frameAt(point: Point, except?: ReadonlySet<string>): string | null
  /** Nodes, those around before those inside. */
  outsideIn: readonly FlowNode[]
}

const known = new WeakMap<FlowDocument, Layout>()

/** The layout of a document, made once for each document object. */
export function layoutOf(document: FlowDocument): Layout {
  let layout = known.get(document)
  if (!layout) known.set(document, (layout = arrange(document)))
  return layout
}

function arrange(document: FlowDocument): Layout {
  const nodes = new Map<string, FlowNode>(document.nodes.map((node) => [node.id, node]))
  const containers = new Map<string, readonly string[]>()
  const aroundOf = (id: string): readonly string[] => {
    const found = containers.get(id)
    if (found) return found
    const around: string[] = []
    for (let at = nodes.get(id)?.parent; at !== undefined; at = nodes.get(at)?.parent) {
      // A broken draft may hold a node that is inside of itself, or of what is no container.
      if (around.includes(at) || at === id || !nodes.has(at)) break
      around.push(at)
    }
    containers.set(id, around)
    return around
  }
  const isFrame = (id: string) => {
    const node = nodes.get(id)
    return node !== undefined && lookOf(node).definition?.container === true && !node.collapsed
  }
  const behind = (id: string) => aroundOf(id).findLast((each) => nodes.get(each)?.collapsed) ?? null
  const isNested = document.nodes.some((node) => node.parent !== undefined)
  const insides = new Map<string, FlowNode[]>()
  for (const node of isNested ? document.nodes : []) {
    const [container] = aroundOf(node.id)
    if (container === undefined) continue
    const list = insides.get(container)
    if (list) list.push(node)
    else insides.set(container, [node])
  }
  const boxes = new Map<string, Box>()
  const boxOf = (id: string): Box | null => {
    const found = boxes.get(id)
    if (found) return found
    const node = nodes.get(id)
    if (!node) return null
    // For one that is inside of itself: its frame holds its card.
    boxes.set(id, cardBox(node))
    const box = isFrame(id) ? frameBox(node, insides.get(id) ?? [], boxOf) : cardBox(node)
    boxes.set(id, box)
    return box
  }
  const depth = (node: FlowNode) => aroundOf(node.id).length
  return {
    boxOf,
    isFrame,
    behind,
    aroundOf,
    frameAt(point, except) {
      let best: { id: string; depth: number } | null = null
      for (const node of document.nodes) {
        if (!isFrame(node.id) || behind(node.id) !== null) continue
        if (except?.has(node.id) || aroundOf(node.id).some((each) => except?.has(each))) continue
        const box = boxOf(node.id)
        if (box && holds(box, point) && (!best || depth(node) > best.depth))
          best = { id: node.id, depth: depth(node) }
      }
      return best?.id ?? null
    },
    outsideIn: isNested ? [...document.nodes].sort((a, b) => depth(a) - depth(b)) : document.nodes,
  }
}

function cardBox(node: FlowNode): Box {
  const { width, height } = lookOf(node)
  return { ...node.position, width, height }
}

/** Around its insides, and at least as large as it was pulled. */
function frameBox(node: FlowNode, insides: readonly FlowNode[], boxOf: (id: string) => Box | null): Box {
  const { height } = lookOf(node)
  const own = {
    ...node.position,
    width: Math.max(leastFrame.width, node.size?.width ?? 0),
    height: Math.max(height + leastFrame.height - framePadding.top, node.size?.height ?? 0),
  }
  const { side, top, bottom } = framePadding
  const held = insides.flatMap((each) => {
    const box = boxOf(each.id)
    if (!box) return []
    return [
      {
        x: box.x - side,
        y: box.y - height - top,
        width: box.width + 2 * side,
        height: box.height + height + top + bottom,
      },
    ]
  })
  return around([own, ...held])
}

function holds(box: Box, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height
}

/** Where an edge leaves by a port, in canvas coordinates; null when the node has no such port. */
export function portPoint(layout: Layout, node: FlowNode, port: string): Point | null {
  const look = lookOf(node)
  const box = layout.boxOf(node.id)
  const index = look.ports.findIndex((each) => each.name === port)
  return index < 0 || !box ? null : { x: box.x + box.width, y: box.y + portCenter(look, index) }
}

/** Where edges enter. */
export function inputPoint(layout: Layout, node: FlowNode): Point {
  const { x, y } = layout.boxOf(node.id) ?? node.position
  return { x, y: y + headCenter }
}
