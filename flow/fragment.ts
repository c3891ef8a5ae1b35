import type { FlowDocument } from './document'

/** Part of a flow: some nodes, the edges between them, some notes. */
export type Fragment = Pick<FlowDocument, 'nodes' | 'edges' | 'notes'>

/** The nodes and notes by these ids, with all that is inside the nodes, and the edges between them. */
export function fragmentOf(document: FlowDocument, ids: ReadonlySet<string>): Fragment {
  const kept = withInsides(document, ids)
  return {
    nodes: document.nodes.filter((node) => kept.has(node.id)),
    edges: document.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
    notes: document.notes.filter((note) => ids.has(note.id)),
  }
}

/** The ids, and those of all that is inside these nodes at any depth. */
export function withInsides(document: FlowDocument, ids: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(ids)
  for (let isGrown = true; isGrown;) {
    isGrown = false
    for (const { id, parent } of document.nodes) {
      if (parent === undefined || all.has(id) || !all.has(parent)) continue
      all.add(id)
      isGrown = true
    }
  }
  return all
}
