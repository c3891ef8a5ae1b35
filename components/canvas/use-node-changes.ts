'use client'

import { useReactFlow, type NodeChange } from '@xyflow/react'
import { useCallback } from 'react'
import type { FlowDocument, NodeId, Point } from '@/flow/document'
import type { CanvasEditing } from './canvas-editing'
import type { CanvasStore } from './canvas-store'
import { edgeNear } from './edge-path'
import { headCenter, lookOf } from './node-look'
import { noteCanvasId, noteSize, type CanvasModel } from './node-models'
import { around, snap, type Box } from './snap'

/** How near, in screen pixels, a side must come to another to snap; and a node to an edge to be spliced in. */
const snapReach = 6
const spliceReach = 26

/** Takes React Flow's changes of nodes: dragging (with snap, guides and splice), and selecting. */
export function useNodeChanges({
  document,
  store,
  editing,
  onSelectionChange,
}: {
  document: FlowDocument
  store: CanvasStore
  editing: CanvasEditing | null
  onSelectionChange: (change: (selection: ReadonlySet<string>) => ReadonlySet<string>) => void
}) {
  const flow = useReactFlow<CanvasModel>()
  return useCallback(
    (changes: NodeChange<CanvasModel>[]) => {
      const picks = changes.filter((change) => change.type === 'select')
      if (picks.length > 0) onSelectionChange((selection) => withPicks(selection, picks))
      if (!editing) return
      const moved = new Map<string, Point>()
      let ended = false
      for (const change of changes) {
        if (change.type !== 'position') continue
        if (change.dragging && change.position) moved.set(change.id, change.position)
        if (change.dragging === false) ended = true
      }
      if (moved.size > 0) drag(document, store, moved, flow.getZoom())
      else if (ended) drop(store, editing)
    },
    [document, store, editing, onSelectionChange, flow],
  )
}

/** The selection after React Flow's `select` changes; the same set when nothing changed. */
export function withPicks(
  selection: ReadonlySet<string>,
  picks: readonly { id: string; selected: boolean }[],
): ReadonlySet<string> {
  const next = new Set(selection)
  for (const { id, selected } of picks) {
    if (selected) next.add(id)
    else next.delete(id)
  }
  const same = next.size === selection.size && [...next].every((id) => selection.has(id))
  return same ? selection : next
}

function drag(document: FlowDocument, store: CanvasStore, moved: Map<string, Point>, zoom: number): void {
  const boxes = boxesOf(document)
  const still = [...boxes].filter(([id]) => !moved.has(id)).map(([, box]) => box)
  const group = around([...moved].map(([id, at]) => ({ ...noteSize, ...boxes.get(id), ...at })))
  const { offset, guides } = snap(group, still, snapReach / zoom)
  const dragged = new Map([...moved].map(([id, { x, y }]) => [id, rounded(x + offset.x, y + offset.y)]))
  const spliceEdge = dragged.size === 1 ? spliceTarget(document, dragged, zoom) : null
  store.setState({ dragged, guides, spliceEdge })
}

function drop(store: CanvasStore, editing: CanvasEditing): void {
  const { dragged, spliceEdge } = store.getState()
  store.setState({ dragged: new Map(), guides: [], spliceEdge: null })
  const [only] = dragged
  if (spliceEdge && only) editing.onSplice(only[0] as NodeId, spliceEdge, only[1])
  else if (dragged.size > 0) editing.onMove(dragged)
}

/** The edge under the one dragged node, if that node can stand in it: it has no wires yet, an input and an output. */
function spliceTarget(document: FlowDocument, dragged: ReadonlyMap<string, Point>, zoom: number) {
  const [only] = dragged
  const node = only && document.nodes.find((each) => each.id === only[0])
  if (!only || !node) return null
  const look = lookOf(node)
  if (!look.hasInput || look.ports.length === 0) return null
  if (document.edges.some((edge) => edge.from === node.id || edge.to === node.id)) return null
  const center = { x: only[1].x + look.width / 2, y: only[1].y + headCenter }
  return edgeNear(document, center, spliceReach / zoom, node.id)
}

const boxes = new WeakMap<FlowDocument, Map<string, Box>>()

function boxesOf(document: FlowDocument): Map<string, Box> {
  const known = boxes.get(document)
  if (known) return known
  const made = new Map<string, Box>()
  for (const node of document.nodes) {
    const { width, height } = lookOf(node)
    made.set(node.id, { ...node.position, width, height })
  }
  for (const note of document.notes)
    made.set(noteCanvasId(note.id), { ...note.position, ...(note.size ?? noteSize) })
  boxes.set(document, made)
  return made
}

function rounded(x: number, y: number): Point {
  return { x: Math.round(x), y: Math.round(y) }
}
