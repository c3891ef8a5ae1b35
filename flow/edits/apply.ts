import { edgeKey, type EdgeKey, type FlowDocument, type FlowEdge, type FlowNode } from '../document'
import { renameInNode } from '../expression/fields'
import { portsOf, type Kinds } from '../kind'
import { applyChange, changeBetween } from './change'
import { titleOf, type Edit, type NodePatch } from './edit'


/** The document after an edit, and the edit that brings the old one back. What the edit does not touch is shared. */
export function applyEdit(
  document: FlowDocument,
  edit: Edit,
  kinds: Kinds,
): { document: FlowDocument; inverse: Edit } {
  const after = changed(document, edit, kinds)
  return {
    document: after,
    inverse: { type: 'change', change: changeBetween(after, document), title: titleOf(edit) },
  }
}

function changed(document: FlowDocument, edit: Edit, kinds: Kinds): FlowDocument {
  switch (edit.type) {
    case 'add_node':
      if (document.nodes.some((node) => node.id === edit.node.id)) return document
      return withEdges({ ...document, nodes: [...document.nodes, edit.node] }, edit.edges ?? [])
    case 'insert_node':
      return spliced(changed(document, { type: 'add_node', node: edit.node }, kinds), edit.node.id, edit)
    case 'remove':
      return removed(document, new Set(edit.ids), edit.heal ?? false)
    case 'move':
      return moved(document, edit.positions)
    case 'set_config':
      return withNode(document, edit.node, (node) =>
        pruned(kinds, { ...node, config: edit.config }, document),
      )
    case 'set_node':
      return withNode(document, edit.node, (node) => pruned(kinds, patched(node, edit.patch), document))
    case 'change_id':
      return renamed(document, edit.node, edit.id, kinds)
    case 'set_disabled': {
      const chosen = new Set<string>(edit.nodes)
      const patch = { disabled: edit.disabled || undefined }
      return {
        ...document,
        nodes: document.nodes.map((node) => (chosen.has(node.id) ? patched(node, patch) : node)),
      }
    }
    case 'pin_sample':
      return withNode(document, edit.node, (node) => ({ node: patched(node, { sample: edit.sample }) }))
    case 'replace_kind':
      return withNode(document, edit.node, (node) => {
        return pruned(kinds, { ...node, kind: edit.kind, config: edit.config }, document)
      })
    case 'connect':
      return withEdges(document, [edit.edge])
    case 'disconnect': {
      const gone = new Set<EdgeKey>(edit.edges)
      return { ...document, edges: document.edges.filter((edge) => !gone.has(edgeKey(edge))) }
    }
    case 'reconnect': {
      const others = document.edges.filter((edge) => edgeKey(edge) !== edgeKey(edit.to))
      return { ...document, edges: others.map((edge) => (edgeKey(edge) === edit.edge ? edit.to : edge)) }
    }
    case 'splice': {
      const { node, position } = edit
      const placed = position ? moved(document, { [node]: position }) : document
      return spliced(placed, node, edit)
    }
    case 'add_note':
      return { ...document, notes: [...document.notes, edit.note] }
    case 'set_note':
      return {
        ...document,
        notes: document.notes.map((note) => (note.id === edit.note ? { ...note, ...edit.patch } : note)),
      }
    case 'paste':
      return withEdges(
        {
          ...document,
          nodes: [...document.nodes, ...edit.nodes],
          notes: edit.notes.length > 0 ? [...document.notes, ...edit.notes] : document.notes,
        },
        edit.edges,
      )
    case 'set_flow':
      return { ...document, ...edit.patch }
    case 'batch':
      return edit.edits.reduce((current, each) => changed(current, each, kinds), document)
    case 'change':
      return applyChange(document, edit.change)
  }
}

function withEdges(document: FlowDocument, added: readonly FlowEdge[]): FlowDocument {
  const known = new Set(document.edges.map(edgeKey))
  const ids = new Set<string>(document.nodes.map((node) => node.id))
  const fresh = added.filter((edge) => {
    const key = edgeKey(edge)
    if (known.has(key) || !ids.has(edge.from) || !ids.has(edge.to)) return false
    known.add(key)
    return true
  })
  return fresh.length > 0 ? { ...document, edges: [...document.edges, ...fresh] } : document
}

function withNode(
  document: FlowDocument,
  id: string,
  edit: (node: FlowNode) => { node: FlowNode; edges?: FlowEdge[] },
): FlowDocument {
  const index = document.nodes.findIndex((node) => node.id === id)
  const before = document.nodes[index]
  if (!before) return document
  const { node, edges = document.edges } = edit(before)
  return { ...document, nodes: document.nodes.with(index, node), edges }
}

/** A node may lose ports by an edit: the edges that used them would lead from nowhere. */
function pruned(kinds: Kinds, node: FlowNode, document: FlowDocument): { node: FlowNode; edges: FlowEdge[] } {
  const definition = kinds.get(node.kind)
  const used = document.edges.some((edge) => edge.from === node.id)
  if (!definition || !used) return { node, edges: document.edges }
  const before = document.nodes.find((each) => each.id === node.id)
  const ports = portsOf(definition, node).map((port) => port.name)
  const old = before && kinds.get(before.kind) ? portNames(kinds, before) : []
  const renamedPort = soleRename(old, ports)
  const edges = document.edges.flatMap((edge) => {
    if (edge.from !== node.id || ports.includes(edge.port) || !old.includes(edge.port)) return [edge]
    const to = renamedPort?.from === edge.port ? renamedPort.to : undefined
    return to === undefined ? [] : [{ ...edge, port: to }]
  })
  const isSame =
    edges.length === document.edges.length && edges.every((edge, index) => edge === document.edges[index])
  return { node, edges: isSame ? document.edges : edges }
}

function portNames(kinds: Kinds, node: FlowNode): string[] {
  const definition = kinds.get(node.kind)
  return definition ? portsOf(definition, node).map((port) => port.name) : []
}

/** One port gone and one come, as many as before: it was renamed, and its edges follow. */
function soleRename(
  before: readonly string[],
  after: readonly string[],
): { from: string; to: string } | null {
  const gone = before.filter((port) => !after.includes(port))
  const come = after.filter((port) => !before.includes(port))
  const [from] = gone
  const [to] = come
  return gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined
    ? { from, to }
    : null
}

function patched(node: FlowNode, patch: NodePatch): FlowNode {
  const next: Record<string, unknown> = { ...node, ...patch }
  for (const key of Object.keys(patch)) if (next[key] === undefined) delete next[key]
  return next as FlowNode
}

function moved(document: FlowDocument, positions: Record<string, { x: number; y: number }>): FlowDocument {
  const place = <T extends { id: string; position: { x: number; y: number } }>(item: T): T => {
    const position = Object.hasOwn(positions, item.id) ? positions[item.id] : undefined
    return position ? { ...item, position } : item
  }
  return { ...document, nodes: document.nodes.map(place), notes: document.notes.map(place) }
}

function spliced(
  document: FlowDocument,
  node: FlowNode['id'],
  { edge: key, port }: { edge: EdgeKey; port: string },
): FlowDocument {
  const edge = document.edges.find((each) => edgeKey(each) === key)
  if (!edge || edge.from === node || edge.to === node) return document
  const without = { ...document, edges: document.edges.filter((each) => each !== edge) }
  return withEdges(without, [
    { from: edge.from, port: edge.port, to: node },
    { from: node, port, to: edge.to },
  ])
}

function removed(document: FlowDocument, ids: ReadonlySet<string>, heal: boolean): FlowDocument {
  const kept = document.edges.filter((edge) => !ids.has(edge.from) && !ids.has(edge.to))
  const without: FlowDocument = {
    ...document,
    nodes: document.nodes.filter((node) => !ids.has(node.id) && !(node.parent && ids.has(node.parent))),
    edges: kept,
    notes: document.notes.some((note) => ids.has(note.id))
      ? document.notes.filter((note) => !ids.has(note.id))
      : document.notes,
  }
  return heal ? withEdges(without, healing(document, ids)) : without
}

/** For each edge into what goes away: edges from its source to whatever came after. */
function healing(document: FlowDocument, ids: ReadonlySet<string>): FlowEdge[] {
  const after = (id: string, seen: Set<string>): FlowNode['id'][] => {
    if (seen.has(id)) return []
    seen.add(id)
    return document.edges
      .filter((edge) => edge.from === id)
      .flatMap((edge) => (ids.has(edge.to) ? after(edge.to, seen) : [edge.to]))
  }
  return document.edges
    .filter((edge) => ids.has(edge.to) && !ids.has(edge.from))
    .flatMap((edge) => after(edge.to, new Set()).map((to) => ({ from: edge.from, port: edge.port, to })))
}

function renamed(document: FlowDocument, from: string, to: FlowNode['id'], kinds: Kinds): FlowDocument {
  if (from === to || document.nodes.some((node) => node.id === to)) return document
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      const definition = kinds.get(node.kind)
      const rewritten = definition ? renameInNode(node, definition, from, to) : node
      const parent = rewritten.parent === from ? { parent: to } : {}
      if (rewritten.id === from) return { ...rewritten, ...parent, id: to }
      return rewritten.parent === from ? { ...rewritten, ...parent } : rewritten
    }),
    edges: document.edges.map((edge) => {
      if (edge.from !== from && edge.to !== from) return edge
      return { ...edge, from: edge.from === from ? to : edge.from, to: edge.to === from ? to : edge.to }
    }),
  }
}
