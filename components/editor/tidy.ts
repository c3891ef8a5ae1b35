import type { ElkNode, ELK as Elk } from 'elkjs/lib/elk-api'
import { framePadding, layoutOf, leastFrame, type Layout } from '@/components/canvas/layout'
import { headCenter, lookOf, portCenter } from '@/components/canvas/node-look'
import { edgeKey, type FlowDocument, type FlowNode, type Point } from '@/flow/document'

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '68',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeNode': '24',
  'elk.spacing.componentComponent': '72',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.separateConnectedComponents': 'true',
}

let elk: Promise<Elk> | null = null

/** The layout engine works in its own thread and is loaded when it is first asked. */
function engine(): Promise<Elk> {
  elk ??= import('elkjs/lib/elk-api').then(
    ({ default: Engine }) =>
      new Engine({
        workerFactory: () => new Worker(new URL('./tidy.worker.ts', import.meta.url), { type: 'module' }),
      }),
  )
  return elk
}

/**
 * Orderly places for these nodes, which stand in one container or outside of all, and for what is inside of them; left to
 * right, their top left corner where it was. By node id.
 */
export async function tidied(
  document: FlowDocument,
  nodes: readonly FlowNode[],
): Promise<Record<string, Point>> {
  if (nodes.length === 0) return {}
  const layout = layoutOf(document)
  const graph = { ...elkBody(document, layout, nodes), id: 'flow', layoutOptions: options }
  const laidOut = (await (await engine()).layout(graph)).children ?? []
  const corner = cornerOf(nodes.map((node) => layout.boxOf(node.id) ?? node.position))
  const newCorner = cornerOf(laidOut.map(({ x = 0, y = 0 }) => ({ x, y })))
  return Object.fromEntries(placesOf(laidOut, { x: corner.x - newCorner.x, y: corner.y - newCorner.y }))
}

/** Places on the canvas: those of the engine are relative to the frame around. */
function placesOf(nodes: readonly ElkNode[], from: Point): [string, Point][] {
  return nodes.flatMap(({ id, x = 0, y = 0, children = [] }) => {
    const at = { x: x + from.x, y: y + from.y }
    const place: [string, Point] = [id, { x: Math.round(at.x), y: Math.round(at.y) }]
    return [place, ...placesOf(children, at)]
  })
}

function elkBody(
  document: FlowDocument,
  layout: Layout,
  nodes: readonly FlowNode[],
): Pick<ElkNode, 'children' | 'edges'> {
  const ids = new Set<string>(nodes.map((node) => node.id))
  const ports = new Set(nodes.flatMap((node) => lookOf(node).ports.map((port) => portId(node.id, port.name))))
  return {
    children: nodes.map((node) => elkNode(document, layout, node)),
    edges: document.edges
      .filter((edge) => ports.has(portId(edge.from, edge.port)) && ids.has(edge.to))
      .map((edge) => ({
        id: edgeKey(edge),
        sources: [portId(edge.from, edge.port)],
        targets: [`${edge.to}<`],
      })),
  }
}

function elkNode(document: FlowDocument, layout: Layout, node: FlowNode): ElkNode {
  const look = lookOf(node)
  const inside = layout.isFrame(node.id) ? document.nodes.filter((each) => each.parent === node.id) : []
  if (inside.length > 0) return elkFrame(document, layout, node, inside)
  const { width, height } = layout.boxOf(node.id) ?? look
  return {
    id: node.id,
    width,
    height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [
      { id: `${node.id}<`, x: 0, y: portCenter({ ...look, labelled: false }, 0), width: 0, height: 0 },
      ...look.ports.map((port, index) => ({
        id: portId(node.id, port.name),
        x: width,
        y: portCenter(look, index),
        width: 0,
        height: 0,
      })),
    ],
  }
}

/** The engine finds its size, and moves the ports on the right with its border; their heights stay. */
function elkFrame(
  document: FlowDocument,
  layout: Layout,
  node: FlowNode,
  inside: readonly FlowNode[],
): ElkNode {
  const look = lookOf(node)
  const { side, top, bottom } = framePadding
  const least = `(${Math.max(leastFrame.width, node.size?.width ?? 0)},${Math.max(leastFrame.height, node.size?.height ?? 0)})`
  const port = (id: string, on: 'WEST' | 'EAST', y: number) => ({
    id,
    x: on === 'WEST' ? 0 : leastFrame.width,
    y,
    width: 0,
    height: 0,
    layoutOptions: { 'elk.port.side': on },
  })
  return {
    id: node.id,
    ...elkBody(document, layout, inside),
    layoutOptions: {
      ...options,
      'elk.padding': `[top=${look.height + top},left=${side},bottom=${bottom},right=${side}]`,
      'elk.portConstraints': 'FIXED_POS',
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': least,
    },
    ports: [
      port(`${node.id}<`, 'WEST', headCenter),
      ...look.ports.map(({ name }, index) => port(portId(node.id, name), 'EAST', portCenter(look, index))),
    ],
  }
}

function portId(node: string, port: string): string {
  return `${node}>${port}`
}

function cornerOf(points: readonly Point[]): Point {
  if (points.length === 0) return { x: 0, y: 0 }
  return { x: Math.min(...points.map((at) => at.x)), y: Math.min(...points.map((at) => at.y)) }
}
