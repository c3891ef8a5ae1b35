import type { FlowDocument } from './document'
import type { Category, Kinds } from './kind'

/** A flow small enough to draw as a thumbnail. */
export interface Drawing {
  nodes: { id: string; category: Category | 'unknown'; x: number; y: number }[]
  edges: { from: string; to: string }[]
}

/** Nodes inside containers are left out: at a thumbnail's size their container stands for them. */
export function drawingOf(document: FlowDocument, kinds: Kinds): Drawing {
  const nodes = document.nodes.filter((node) => node.parent === undefined)
  const shown = new Set<string>(nodes.map((node) => node.id))
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      category: kinds.get(node.kind)?.category ?? 'unknown',
      x: node.position.x,
      y: node.position.y,
    })),
    edges: document.edges
      .filter((edge) => shown.has(edge.from) && shown.has(edge.to))
      .map(({ from, to }) => ({ from, to })),
  }
}
