import { nodeOf, type FlowDocument, type FlowEdge, type FlowNode, type NodeId } from '../document'
import { withInsides } from '../fragment'
import { donePort, errorPort, type Kinds } from '../kind'
import { healing, withEdges } from './wires'

/**
 * Puts nodes into a container, or out of theirs when `parent` is null. Lines that would cross the border are taken away,
 * and what was before and after them is joined. Does nothing for a container that is to go into itself.
 */
export function nested(
  document: FlowDocument,
  nodes: readonly NodeId[],
  parent: NodeId | null,
): FlowDocument {
  const chosen = new Set<string>(nodes)
  if (parent !== null && (!nodeOf(document, parent) || withInsides(document, chosen).has(parent)))
    return document
  const moving = document.nodes.filter(
    (node) => chosen.has(node.id) && (node.parent ?? null) !== parent && !chosen.has(node.parent ?? ''),
  )
  if (moving.length === 0) return document
  const moved = new Set<string>(moving.map((node) => node.id))
  const changed = {
    ...document,
    nodes: document.nodes.map((node) => (moved.has(node.id) ? inside(node, parent) : node)),
  }
  const parents = parentsOf(changed)
  const crosses = (edge: FlowEdge) =>
    (moved.has(edge.from) || moved.has(edge.to)) && parents.get(edge.from) !== parents.get(edge.to)
  const cut = { ...changed, edges: changed.edges.filter((edge) => !crosses(edge)) }
  return withEdges(cut, document.edges.some(crosses) ? healing(document, moved) : [])
}

/** Takes containers away and leaves what is inside where it stands, in the line that led through its container. */
export function unwrapped(document: FlowDocument, ids: ReadonlySet<string>, kinds: Kinds): FlowDocument {
  const parents = parentsOf(document)
  const outside = (id: NodeId | undefined): NodeId | null => {
    let at = id
    const seen = new Set<string>()
    while (at !== undefined && ids.has(at) && !seen.has(at)) {
      seen.add(at)
      at = parents.get(at)
    }
    return at ?? null
  }
  const lines = [...ids].flatMap((id) => linesThrough(document, id, kinds))
  const without: FlowDocument = {
    ...document,
    nodes: document.nodes
      .filter((node) => !ids.has(node.id))
      .map((node) => (ids.has(node.parent ?? '') ? inside(node, outside(node.parent)) : node)),
    edges: document.edges.filter((edge) => !ids.has(edge.from) && !ids.has(edge.to)),
    notes: document.notes.filter((note) => !ids.has(note.id)),
  }
  return withEdges(without, lines)
}

/** Lines from what leads to a container to the first of its nodes, and from the last of them to what follows it. */
function linesThrough(document: FlowDocument, container: string, kinds: Kinds): FlowEdge[] {
  const body = document.nodes.filter((node) => node.parent === container)
  const isFirst = (node: FlowNode) => !document.edges.some((edge) => edge.to === node.id)
  const isLast = (node: FlowNode) => !document.edges.some((edge) => edge.from === node.id)
  const into = document.edges
    .filter((edge) => edge.to === container)
    .flatMap((edge) => body.filter(isFirst).map((node) => ({ ...edge, to: node.id })))
  const out = document.edges
    .filter((edge) => edge.from === container && edge.port !== errorPort.name)
    .flatMap((edge) =>
      body.filter(isLast).flatMap((node) => {
        const port = firstPort(node, kinds)
        return port === null ? [] : [{ ...edge, from: node.id, port }]
      }),
    )
  return [...into, ...out]
}

function firstPort(node: FlowNode, kinds: Kinds): string | null {
  const definition = kinds.get(node.kind)
  return definition ? (definition.ports(node.config)[0]?.name ?? null) : donePort.name
}

function inside(node: FlowNode, parent: NodeId | null): FlowNode {
  const { parent: _parent, ...rest } = node
  return parent === null ? rest : { ...rest, parent }
}

function parentsOf(document: FlowDocument): Map<string, NodeId | undefined> {
  return new Map(document.nodes.map((node) => [node.id, node.parent]))
}
