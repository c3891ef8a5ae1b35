import { z } from 'zod'
import {
  documentSchema,
  edgeSchema,
  nodeSchema,
  noteSchema,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type FlowNote,
  type Point,
} from './document'
import type { Edit } from './edits/edit'
import { freshNodeId } from './edits/node-id'
import { renameInNode } from './expression/fields'
import type { Kinds } from './kind'

/** Part of a flow as text on the clipboard: readable, and the same between tabs, flows and instances. */
const fragmentSchema = z.strictObject({
  millrace: z.literal(1),
  fragment: z.literal(true),
  nodes: z.array(nodeSchema).max(2_000),
  edges: z.array(edgeSchema).max(8_000).default([]),
  notes: z.array(noteSchema).max(1_000).default([]),
})
export type Fragment = Pick<FlowDocument, 'nodes' | 'edges' | 'notes'>

const longest = 4 * 1024 * 1024

/** The chosen nodes and notes, and the edges between them. Containers bring what is inside. */
export function copySelection(document: FlowDocument, ids: ReadonlySet<string>): string {
  const isIn = (node: FlowNode) => ids.has(node.id) || (node.parent !== undefined && ids.has(node.parent))
  const nodes = document.nodes.filter(isIn)
  const chosen = new Set<string>(nodes.map((node) => node.id))
  const fragment: z.input<typeof fragmentSchema> = {
    millrace: 1,
    fragment: true,
    nodes,
    edges: document.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to)),
    notes: document.notes.filter((note) => ids.has(note.id)),
  }
  return JSON.stringify(fragment, null, 2)
}

/** What a pasted text holds: a fragment, or all of a flow. Null when it is neither. */
export function readClipboard(text: string): Fragment | null {
  if (text.length > longest) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const fragment = fragmentSchema.safeParse(value)
  if (fragment.success) return fragment.data
  const document = documentSchema.safeParse(value)
  return document.success ? document.data : null
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
  const idOf = (id: FlowNode['id']) => ids.get(id) ?? id
  return {
    type: 'paste',
    nodes: fragment.nodes.map((node) => {
      const { parent, ...rest } = withNewReferences(node, ids, kinds)
      const inside = parent && (ids.has(parent) || document.nodes.some((each) => each.id === parent))
      return {
        ...rest,
        ...(inside ? { parent: idOf(parent) } : {}),
        id: idOf(node.id),
        position: moved(node.position),
      }
    }),
    edges: fragment.edges.map((edge): FlowEdge => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) })),
    notes: freshNotes(document, fragment.notes).map((note) => ({ ...note, position: moved(note.position) })),
  }
}

function freshIds(document: FlowDocument, fragment: Fragment): Map<FlowNode['id'], FlowNode['id']> {
  const ids = new Map<FlowNode['id'], FlowNode['id']>()
  const taken = new Set<string>(fragment.nodes.map((node) => node.id))
  const present = new Set<string>(document.nodes.map((node) => node.id))
  for (const node of fragment.nodes) {
    if (!present.has(node.id)) continue
    const id = freshNodeId(document, node.id.replace(/_\d+$/, ''), taken)
    taken.add(id)
    ids.set(node.id, id)
  }
  return ids
}

/** By way of names that nobody has, so that exchanging two ids does not run them together. */
function withNewReferences(node: FlowNode, ids: ReadonlyMap<string, string>, kinds: Kinds): FlowNode {
  const definition = kinds.get(node.kind)
  if (!definition || ids.size === 0) return node
  const between = (index: number) => `pasted_${index}_between`
  let result = node
  ;[...ids.keys()].forEach((from, index) => (result = renameInNode(result, definition, from, between(index))))
  ;[...ids.values()].forEach((to, index) => (result = renameInNode(result, definition, between(index), to)))
  return result
}

function freshNotes(document: FlowDocument, notes: readonly FlowNote[]): FlowNote[] {
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
