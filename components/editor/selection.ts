import { noteCanvasId } from '@/components/canvas/node-models'
import { edgeKey, type FlowDocument, type FlowEdge, type FlowNode, type FlowNote } from '@/flow/document'

/** The ids by which the canvas knows all that is in a document. */
export function canvasIdsOf(document: FlowDocument): ReadonlySet<string> {
  return new Set<string>([
    ...document.nodes.map((node) => node.id),
    ...document.notes.map((note) => noteCanvasId(note.id)),
    ...document.edges.map(edgeKey),
  ])
}

export function selectedNodes(document: FlowDocument, selection: ReadonlySet<string>): FlowNode[] {
  return document.nodes.filter((node) => selection.has(node.id))
}
export function selectedNotes(document: FlowDocument, selection: ReadonlySet<string>): FlowNote[] {
  return document.notes.filter((note) => selection.has(noteCanvasId(note.id)))
}
export function selectedEdges(document: FlowDocument, selection: ReadonlySet<string>): FlowEdge[] {
  return document.edges.filter((edge) => selection.has(edgeKey(edge)))
}

/** The one selected node; null when none or several are. */
export function onlyNode(document: FlowDocument, selection: ReadonlySet<string>): FlowNode | null {
  const nodes = selectedNodes(document, selection)
  return nodes.length === 1 ? (nodes[0] ?? null) : null
}
