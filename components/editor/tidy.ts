import type { ElkNode, ELK as Elk } from 'elkjs/lib/elk-api'
import { lookOf, portCenter } from '@/components/canvas/node-look'
import type { FlowDocument, FlowNode, Point } from '@/flow/document'

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

/** Orderly places for these nodes, left to right, their top left corner where it was. By node id. */
export async function tidied(
  document: FlowDocument,
  nodes: readonly FlowNode[],
): Promise<Record<string, Point>> {
  const ids = new Set<string>(nodes.map((node) => node.id))
  const ports = new Set(nodes.flatMap((node) => lookOf(node).ports.map((port) => portId(node.id, port.name))))
  const graph: ElkNode = {
    id: 'flow',
    layoutOptions: options,
    children: nodes.map(elkNode),
    edges: document.edges
      .filter((edge) => ports.has(portId(edge.from, edge.port)) && ids.has(edge.to))
      .map((edge, index) => ({
        id: `edge${index}`,
        sources: [portId(edge.from, edge.port)],
        targets: [`${edge.to}<`],
      })),
  }
  const laidOut = (await (await engine()).layout(graph)).children ?? []
  const corner = cornerOf(nodes.map((node) => node.position))
  const newCorner = cornerOf(laidOut.map(({ x = 0, y = 0 }) => ({ x, y })))
  return Object.fromEntries(
    laidOut.map(({ id, x = 0, y = 0 }) => [
      id,
      { x: Math.round(x - newCorner.x + corner.x), y: Math.round(y - newCorner.y + corner.y) },
    ]),
  )
}

function elkNode(node: FlowNode): ElkNode {
  const look = lookOf(node)
  return {
    id: node.id,
    width: look.width,
    height: look.height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [
      { id: `${node.id}<`, x: 0, y: portCenter({ ...look, labelled: false }, 0), width: 0, height: 0 },
      ...look.ports.map((port, index) => ({
        id: portId(node.id, port.name),
        x: look.width,
        y: portCenter(look, index),
        width: 0,
        height: 0,
      })),
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
