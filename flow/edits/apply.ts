import {
  documentLimits,
  edgeKey,
  nodeOf,
  type EdgeKey,
  type FlowDocument,
  type FlowNode,
  type Point,
} from '../document'
import { withInsides } from '../fragment'
import { canFail, type Kinds } from '../kind'
import { applyChange, changeBetween } from './change'
import { titleOf, type Edit, type NodePatch } from './edit'
import { nested, unwrapped } from './nesting'
import { renamed } from './renaming'
import { healing, reconnected, spliced, withChangedNode, withEdges } from './wires'

/**
 * The document after an edit, and the edit that brings the old one back. What the edit does not touch keeps its
 * identity; the document itself too, when nothing is changed. Never throws: what does not fit is not done.
 */
export function applyEdit(
  document: FlowDocument,
  edit: Edit,
  kinds: Kinds,
): { document: FlowDocument; inverse: Edit } {
  const after = changed(document, edit, kinds)
  const change = changeBetween(after, document)
  const isSame = Object.keys(change).length === 0
  return { document: isSame ? document : after, inverse: { type: 'change', change, title: titleOf(edit) } }
}

function changed(document: FlowDocument, edit: Edit, kinds: Kinds): FlowDocument {
  switch (edit.type) {
    case 'add_node':
      return withEdges(withNodes(document, [edit.node]), edit.edges ?? [])
    case 'insert_node':
      return spliced(withNodes(document, [edit.node]), edit.node.id, edit, kinds)
    case 'remove':
      return removed(document, new Set(edit.ids), edit.heal ?? false)
    case 'unwrap':
      return unwrapped(document, new Set(edit.ids), kinds)
    case 'set_parent':
      return nested(edit.positions ? moved(document, edit.positions) : document, edit.nodes, edit.parent)
    case 'move':
      return moved(document, edit.positions)
    case 'set_config':
      return withNode(document, edit.node, (node) => ({ ...node, config: edit.config }), kinds)
    case 'set_node':
      return withNode(document, edit.node, (node) => patched(node, edit.patch), kinds)
    case 'change_id':
      return renamed(document, edit.node, edit.id, kinds)
    case 'set_disabled': {
      const chosen = new Set<string>(edit.nodes)
      const patch = { disabled: edit.disabled || undefined }
      const nodes = document.nodes.map((node) => (chosen.has(node.id) ? patched(node, patch) : node))
      return { ...document, nodes }
    }
    case 'pin_sample':
      return withNode(document, edit.node, (node) => patched(node, { sample: edit.sample }), kinds)
    case 'replace_kind':
      return replaced(document, edit, kinds)
    case 'connect':
      return withEdges(document, [edit.edge])
    case 'disconnect': {
      const gone = new Set<EdgeKey>(edit.edges)
      return { ...document, edges: document.edges.filter((edge) => !gone.has(edgeKey(edge))) }
    }
    case 'reconnect':
      return reconnected(document, edit.edge, edit.to)
    case 'splice': {
      const placed = edit.position ? moved(document, { [edit.node]: edit.position }) : document
      return spliced(placed, edit.node, edit, kinds)
    }
    case 'add_note':
      return withNotes(document, [edit.note])
    case 'set_note': {
      const notes = document.notes.map((note) => (note.id === edit.note ? { ...note, ...edit.patch } : note))
      return { ...document, notes }
    }
    case 'paste': {
      const isTooMany = document.nodes.length + edit.nodes.length > documentLimits.nodes
      return isTooMany
        ? document
        : withEdges(withNotes(withNodes(document, edit.nodes), edit.notes), edit.edges)
    }
    case 'set_flow':
      return withoutUndefined({ ...document, ...edit.patch })
    case 'batch':
      return edit.edits.reduce((current, each) => changed(current, each, kinds), document)
    case 'change':
      return applyChange(document, edit.change)
  }
}

/** Adds those whose id is free, up to the limit of a document. */
function withNodes(document: FlowDocument, added: readonly FlowNode[]): FlowDocument {
  const used = new Set(document.nodes.map((node) => node.id))
  const fresh = added.filter((node) => !used.has(node.id))
  const isTooMany = document.nodes.length + fresh.length > documentLimits.nodes
  return fresh.length === 0 || isTooMany ? document : { ...document, nodes: [...document.nodes, ...fresh] }
}

function withNotes(document: FlowDocument, added: FlowDocument['notes']): FlowDocument {
  const used = new Set(document.notes.map((note) => note.id))
  const fresh = added.filter((note) => !used.has(note.id))
  return fresh.length === 0 ? document : { ...document, notes: [...document.notes, ...fresh] }
}

function withNode(
  document: FlowDocument,
  id: string,
  edit: (node: FlowNode) => FlowNode,
  kinds: Kinds,
): FlowDocument {
  const before = nodeOf(document, id)
  return before ? withChangedNode(document, before, edit(before), kinds) : document
}

function patched(node: FlowNode, patch: NodePatch): FlowNode {
  return withoutUndefined({ ...node, ...patch })
}

/** Undefined in a patch takes the key away. */
function withoutUndefined<T extends object>(value: T): T {
  const keys = Object.keys(value)
  for (const key of keys) if (Reflect.get(value, key) === undefined) Reflect.deleteProperty(value, key)
  return value
}

function moved(document: FlowDocument, positions: Record<string, Point>): FlowDocument {
  const place = <T extends { id: string; position: Point }>(item: T): T => {
    const to = Object.hasOwn(positions, item.id) ? positions[item.id] : undefined
    const isThere = !to || (to.x === item.position.x && to.y === item.position.y)
    return isThere ? item : { ...item, position: to }
  }
  return { ...document, nodes: document.nodes.map(place), notes: document.notes.map(place) }
}

function removed(document: FlowDocument, ids: ReadonlySet<string>, heal: boolean): FlowDocument {
  const gone = withInsides(document, ids)
  const without: FlowDocument = {
    ...document,
    nodes: document.nodes.filter((node) => !gone.has(node.id)),
    edges: document.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    notes: document.notes.filter((note) => !ids.has(note.id)),
  }
  return heal ? withEdges(without, healing(document, gone)) : without
}

/** A node of another kind at the same place. What the new kind has no use for goes: a sample, error rules, lines in. */
function replaced(
  document: FlowDocument,
  { node: id, kind, config }: Extract<Edit, { type: 'replace_kind' }>,
  kinds: Kinds,
): FlowDocument {
  const definition = kinds.get(kind)
  const noFailing = { onError: undefined, retry: undefined, timeout: undefined }
  const patch = { sample: undefined, ...(definition && canFail(definition) ? {} : noFailing) }
  const changed = withNode(document, id, (node) => ({ ...patched(node, patch), kind, config }), kinds)
  return definition?.trigger ? { ...changed, edges: changed.edges.filter((edge) => edge.to !== id) } : changed
}
