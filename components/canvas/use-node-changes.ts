'use client'

import { useReactFlow, useStoreApi, type NodeChange, type NodeSelectionChange } from '@xyflow/react'
import { useCallback } from 'react'
import { nodeIdSchema, nodeOf, type FlowDocument, type NodeId, type Point } from '@/flow/document'
import type { CanvasEditing } from './canvas-editing'
import type { CanvasStore } from './canvas-store'
import { edgeNear } from './edge-path'
import { layoutOf, type Layout } from './layout'
import { headCenter, headHeight, lookOf } from './node-look'
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
  const isMeant = useMarqueeRule(document)
  return useCallback(
    (changes: NodeChange<CanvasModel>[]) => {
      const picks = changes.filter((change) => change.type === 'select').filter(isMeant)
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
      else if (ended) drop(document, store, editing)
    },
    [document, store, editing, onSelectionChange, flow, isMeant],
  )
}

/** A marquee inside of a frame means what stands there, not the frame: that is taken only as a whole. */
function useMarqueeRule(document: FlowDocument) {
  const inner = useStoreApi()
  return useCallback(
    ({ id, selected }: NodeSelectionChange) => {
      const { userSelectionRect: rect, transform } = inner.getState()
      const layout = layoutOf(document)
      const box = selected && rect && layout.isFrame(id) ? layout.boxOf(id) : null
      if (!box || !rect) return true
      const [shiftX, shiftY, zoom] = transform
      const x = box.x * zoom + shiftX
      const y = box.y * zoom + shiftY
      return (
        x >= rect.x &&
        y >= rect.y &&
        x + box.width * zoom <= rect.x + rect.width &&
        y + box.height * zoom <= rect.y + rect.height
      )
    },
    [inner, document],
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
  const layout = layoutOf(document)
  const boxes = boxesOf(document)
  const corners = new Map([...moved].map(([id, at]) => [id, absolute(layout, id, at)]))
  const still = [...boxes].filter(([id]) => !isCarried(layout, id, moved)).map(([, box]) => box)
  const group = around([...corners].map(([id, at]) => ({ ...noteSize, ...boxes.get(id), ...at })))
  const { offset, guides } = snap(group, still, snapReach / zoom)
  const dragged = new Map(
    [...corners].map(([id, { x, y }]) => {
      const shift = shiftOf(document, layout, id)
      return [id, rounded(x + offset.x - shift.x, y + offset.y - shift.y)]
    }),
  )
  const spliceEdge = dragged.size === 1 ? spliceTarget(document, dragged, zoom) : null
  const nest = nestingOf(document, dragged)
  store.setState({ dragged, guides, spliceEdge, nestTarget: spliceEdge ? null : (nest?.container ?? null) })
}

function drop(document: FlowDocument, store: CanvasStore, editing: CanvasEditing): void {
  const { dragged, spliceEdge } = store.getState()
  const nest = nestingOf(document, dragged)
  store.setState({ dragged: new Map(), guides: [], spliceEdge: null, nestTarget: null })
  const [only] = dragged
  if (spliceEdge && only) editing.onSplice(only[0] as NodeId, spliceEdge, only[1])
  else if (nest) editing.onNest(nest.nodes, nest.container, dragged)
  else if (dragged.size > 0) editing.onMove(dragged)
}

/** Where a model stands on the canvas: what is inside a frame has a place relative to it. */
function absolute(layout: Layout, id: string, { x, y }: Point): Point {
  const frame = layout.aroundOf(id).find((each) => layout.isFrame(each))
  const box = frame === undefined ? null : layout.boxOf(frame)
  return box ? { x: x + box.x, y: y + box.y } : { x, y }
}

/** How far the corner of a frame is from its node's own place; nothing for all else. */
function shiftOf(document: FlowDocument, layout: Layout, id: string): Point {
  const box = layout.isFrame(id) ? layout.boxOf(id) : null
  const node = box && nodeOf(document, id)
  return box && node ? { x: box.x - node.position.x, y: box.y - node.position.y } : { x: 0, y: 0 }
}

/** Whether it moves with what is dragged, or is a frame around that. */
function isCarried(layout: Layout, id: string, moved: ReadonlyMap<string, Point>): boolean {
  if (moved.has(id) || layout.aroundOf(id).some((each) => moved.has(each))) return true
  return [...moved.keys()].some((each) => layout.aroundOf(each).includes(id))
}

/** What a drop here would put into another container or out of its own; null: it stays where it is. */
function nestingOf(document: FlowDocument, dragged: ReadonlyMap<string, Point>) {
  const layout = layoutOf(document)
  const nodes = document.nodes.filter((node) => dragged.has(node.id))
  if (nodes.length === 0 || nodes.some((node) => !lookOf(node).hasInput)) return null
  const boxes = nodes.map((node) => {
    const { width } = layout.boxOf(node.id) ?? { width: 0 }
    return { ...(dragged.get(node.id) ?? node.position), width, height: headHeight }
  })
  const group = around(boxes)
  const center = { x: group.x + group.width / 2, y: group.y + group.height / 2 }
  const frame = layout.frameAt(center, new Set(dragged.keys()))
  if (nodes.every((node) => (layout.aroundOf(node.id)[0] ?? null) === frame)) return null
  return { nodes: nodes.map((node) => node.id), container: frame === null ? null : nodeIdSchema.parse(frame) }
}

/** The edge under the one dragged node, if that node can stand in it: it has no wires yet, an input and an output. */
function spliceTarget(document: FlowDocument, dragged: ReadonlyMap<string, Point>, zoom: number) {
  const [only] = dragged
  const node = only && nodeOf(document, only[0])
  if (!only || !node) return null
  const look = lookOf(node)
  if (!look.hasInput || look.ports.length === 0) return null
  if (document.edges.some((edge) => edge.from === node.id || edge.to === node.id)) return null
  const center = { x: only[1].x + look.width / 2, y: only[1].y + headCenter }
  return edgeNear(document, center, spliceReach / zoom, node.id)
}

const known = new WeakMap<FlowDocument, Map<string, Box>>()

function boxesOf(document: FlowDocument): Map<string, Box> {
  const found = known.get(document)
  if (found) return found
  const layout = layoutOf(document)
  const made = new Map<string, Box>()
  for (const { id } of document.nodes) {
    const box = layout.behind(id) === null ? layout.boxOf(id) : null
    if (box) made.set(id, box)
  }
  for (const note of document.notes)
    made.set(noteCanvasId(note.id), { ...note.position, ...(note.size ?? noteSize) })
  known.set(document, made)
  return made
}

function rounded(x: number, y: number): Point {
  return { x: Math.round(x), y: Math.round(y) }
}
