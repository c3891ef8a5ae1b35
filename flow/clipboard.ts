import { z } from 'zod'
import {
  documentLimits,
  edgeSchema,
  nodeSchema,
  noteSchema,
  type FlowDocument,
  type FlowNode,
  type NodeId,
  type Point,
} from './document'
import type { Edit } from './edits/edit'
import { freshCopyId } from './edits/node-id'
import { edgeWithIds, withIds } from './edits/renaming'
import { documentOf, readJson } from './formats/json'
import { fragmentOf, type Fragment } from './fragment'
import type { Kinds } from './kind'

/** Part of a flow as text on the clipboard: readable, and the same between tabs, flows and instances. */
const fragmentSchema = z.strictObject({
  millrace: z.literal(1),
  fragment: z.literal(true),
  nodes: z.array(nodeSchema).max(documentLimits.nodes),
  edges: z.array(edgeSchema).max(documentLimits.edges).default([]),
  notes: z.array(noteSchema).max(1_000).default([]),
})

/** The chosen nodes and notes, and the edges between them. Containers bring what is inside. */
export function copySelection(document: FlowDocument, ids: ReadonlySet<string>): string {
  const fragment: z.input<typeof fragmentSchema> = {
    millrace: 1,
    fragment: true,
    ...fragmentOf(document, ids),
  }
  return JSON.stringify(fragment, null, 2)
}

/** What a pasted text holds: a fragment, or all of a flow, of an older format too. Null when it is neither. Never throws. */
export function readClipboard(text: string): Fragment | null {
  const read = readJson(text)
  if ('problem' in read) return null
  const parsed = fragmentSchema.safeParse(read.value)
  if (parsed.success) return parsed.data
  const flow = documentOf(read.value)
  return 'document' in flow ? flow.document : null
}

/**
 * The edit that pastes a fragment with its middle at a point. Every node gets a fresh id where its own is taken, and
 * references between the pasted nodes follow; references to nodes that are not here stay as they are, for `validate`
 * to name.
 */
export function pasteOf(
  document: FlowDocument,
  fragment: Fragment,
  at: Point,
  kinds: Kinds,
): Extract<Edit, { type: 'paste' }> {
  const ids = freshIds(document, fragment)
  const shift = shiftTo(fragment, at)
  const moved = (point: Point): Point => ({ x: point.x + shift.x, y: point.y + shift.y })
  const pasted = new Set<string>(fragment.nodes.map((node) => node.id))
  const present = new Set<string>(document.nodes.map((node) => node.id))
  return {
    type: 'paste',
    nodes: fragment.nodes.map((node): FlowNode => {
      const { parent, ...rest } = withIds(node, ids, kinds)
      const isInside = parent !== undefined && node.parent !== undefined
      const isHeld = isInside && (pasted.has(node.parent ?? '') || present.has(parent))
      return { ...rest, ...(isHeld ? { parent } : {}), position: moved(node.position) }
    }),
    edges: fragment.edges
      .filter((edge) => pasted.has(edge.from) && pasted.has(edge.to))
      .map((edge) => edgeWithIds(edge, ids)),
    notes: freshNotes(document, fragment.notes).map((note) => ({ ...note, position: moved(note.position) })),
  }
}

function freshIds(document: FlowDocument, fragment: Fragment): Map<NodeId, NodeId> {
  const ids = new Map<NodeId, NodeId>()
  const taken = new Set<string>(fragment.nodes.map((node) => node.id))
  const present = new Set<string>(document.nodes.map((node) => node.id))
  for (const node of fragment.nodes) {
    if (!present.has(node.id)) continue
    const id = freshCopyId(document, node.id, taken)
    taken.add(id)
    ids.set(node.id, id)
  }
  return ids
}

function freshNotes(document: FlowDocument, notes: Fragment['notes']): Fragment['notes'] {
  const used = new Set(document.notes.map((note) => note.id))
  return notes.map((note) => {
    let id = note.id
    for (let count = 2; used.has(id); count++) id = `${note.id.slice(0, 50)}_${count}`
    used.add(id)
    return { ...note, id }
  })
}

function shiftTo(fragment: Fragment, at: Point): Point {
  const points = [...fragment.nodes, ...fragment.notes].map((item) => item.position)
  if (points.length === 0) return { x: 0, y: 0 }
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2
  return {
    x: Math.round(at.x - middle(points.map((point) => point.x))),
    y: Math.round(at.y - middle(points.map((point) => point.y))),
  }
}
