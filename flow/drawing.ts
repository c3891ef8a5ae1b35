import type { FlowDocument, FlowNode } from './document'
import type { Category, Kinds } from './kind'

/** A flow small enough to draw as a thumbnail. */
export interface Drawing {
  nodes: {
    id: string
    category: Category | 'unknown'
    x: number
    y: number
    /** The open container that it stands in. */
    parent?: string
  }[]
  edges: { from: string; to: string }[]
}

/** What the canvas would draw: a collapsed container stands for what is inside of it. */
export function drawingOf(document: FlowDocument, kinds: Kinds): Drawing {
  const byId = new Map<string, FlowNode>(document.nodes.map((node) => [node.id, node]))
  const isHidden = (node: FlowNode) => {
    const seen = new Set<string>()
    for (let at = node.parent; at !== undefined && !seen.has(at); at = byId.get(at)?.parent) {
      if (byId.get(at)?.collapsed) return true
      // A broken draft may hold a node that is inside of itself.
      seen.add(at)
    }
    return false
  }
  const nodes = document.nodes.filter((node) => !isHidden(node))
  const shown = new Set<string>(nodes.map((node) => node.id))
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      category: kinds.get(node.kind)?.category ?? 'unknown',
      x: node.position.x,
      y: node.position.y,
      ...(node.parent !== undefined && shown.has(node.parent) ? { parent: node.parent } : {}),
    })),
    edges: document.edges
      .filter((edge) => shown.has(edge.from) && shown.has(edge.to))
      .map(({ from, to }) => ({ from, to })),
  }
}
