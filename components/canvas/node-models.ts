import { Position, type Node, type NodeHandle } from '@xyflow/react'
import type { FlowDocument, FlowNode, FlowNote, Point } from '@/flow/document'
import { layoutOf, type Layout } from './layout'
import { headCenter, lookOf, portCenter, portSize, type NodeLook } from './node-look'
import type { Box } from './snap'

export type StepModel = Node<{ node: FlowNode }, 'step'>
/** An open container: drawn as a frame around its insides. */
export type FrameModel = Node<{ node: FlowNode }, 'frame'>
export type NoteModel = Node<{ note: FlowNote }, 'note'>
export type CanvasModel = StepModel | FrameModel | NoteModel

/** A note's id among canvas ids, which are node ids otherwise. */
export function noteCanvasId(id: string): string {
  return `note:${id}`
}
/** The note that a canvas id stands for; null for a node. */
export function noteOfCanvasId(id: string): string | null {
  return id.startsWith('note:') ? id.slice(5) : null
}

export const noteSize = { width: 220, height: 112 }

export interface ModelView {
  selection: ReadonlySet<string>
  /** New places of what is being dragged, in canvas coordinates. */
  dragged: ReadonlyMap<string, Point>
  resized: ReadonlyMap<string, { width: number; height: number }>
  editable: boolean
}

interface Fresh {
  source: FlowNode | FlowNote
  selected: boolean
  tabStop: boolean
  editable: boolean
  /** Relative to the frame around it, if there is one. */
  box: Box
  parent: string | undefined
  isFrame: boolean
}
type Kept = Fresh & { model: CanvasModel }

/**
 * Makes the drawing's nodes from a document. React Flow forgets what it knows of a node when it gets another object
 * for it, so an unchanged node keeps its object from call to call. Sizes and ports are given, never measured. What is
 * inside a frame moves with it: its model's place is relative, and its object stays while the frame is dragged.
 */
export function createNodeModels() {
  let kept = new Map<string, Kept>()
  let built: { document: FlowDocument; view: ModelView; models: CanvasModel[] } | null = null

  return function build(document: FlowDocument, view: ModelView): CanvasModel[] {
    if (built?.document === document && sameView(built.view, view)) return built.models
    const next = new Map<string, Kept>()
    const layout = layoutOf(document)
    const tabStop = tabStopOf(document, layout, view.selection)
    const take = (id: string, made: Omit<Fresh, 'selected' | 'tabStop' | 'editable'>) => {
      const { selection, editable } = view
      const fresh = { ...made, selected: selection.has(id), tabStop: id === tabStop, editable }
      const before = kept.get(id)
      const model = before && same(before, fresh) ? before.model : modelOf(id, fresh)
      next.set(id, { ...fresh, model })
      return model
    }
    const models: CanvasModel[] = []
    for (const note of document.notes) {
      const id = noteCanvasId(note.id)
      const size = view.resized.get(id) ?? note.size ?? noteSize
      const box = { ...(view.dragged.get(id) ?? note.position), ...size }
      models.push(take(id, { source: note, box, parent: undefined, isFrame: false }))
    }
    for (const node of layout.outsideIn) {
      if (layout.behind(node.id) !== null) continue
      models.push(
        take(node.id, { source: node, ...placeOf(node, layout, view), isFrame: layout.isFrame(node.id) }),
      )
    }
    kept = next
    built = { document, view, models }
    return models
  }
}

/** Where a node is drawn now: relative to the frame around it, which moves when it is dragged itself. */
function placeOf(node: FlowNode, layout: Layout, view: ModelView): { box: Box; parent: string | undefined } {
  const still = layout.boxOf(node.id) ?? { ...node.position, width: 0, height: 0 }
  const at = cornerOf(node, still, view.dragged.get(node.id))
  const size = view.resized.get(node.id)
  const width = Math.max(still.width, size?.width ?? 0)
  const height = Math.max(still.height, size?.height ?? 0)
  const parent = layout.aroundOf(node.id).find((each) => layout.isFrame(each))
  const frame = parent === undefined ? null : layout.boxOf(parent)
  if (parent === undefined || !frame) return { box: { ...at, width, height }, parent: undefined }
  const isDragged = view.dragged.has(node.id)
  const from = isDragged ? draggedFrame(parent, layout, view) : frame
  return { box: { x: at.x - from.x, y: at.y - from.y, width, height }, parent }
}

/** A frame may begin to the left of its node's own place: both move by the same. */
function cornerOf(node: FlowNode, box: Box, dragged: Point | undefined): Point {
  if (!dragged) return { x: box.x, y: box.y }
  return { x: box.x + dragged.x - node.position.x, y: box.y + dragged.y - node.position.y }
}

function draggedFrame(id: string, layout: Layout, view: ModelView): Point {
  const node = layout.outsideIn.find((each) => each.id === id)
  const box = layout.boxOf(id)
  return node && box ? cornerOf(node, box, view.dragged.get(id)) : { x: 0, y: 0 }
}

function modelOf(id: string, fresh: Fresh): CanvasModel {
  const { source } = fresh
  return 'kind' in source ? nodeModel(source, fresh) : noteModel(id, source, fresh)
}

function nodeModel(node: FlowNode, fresh: Fresh): StepModel | FrameModel {
  const { selected, tabStop, editable, box, parent, isFrame } = fresh
  const { x, y, width, height } = box
  const base = {
    id: node.id,
    position: { x, y },
    data: { node },
    selected,
    draggable: editable,
    connectable: editable,
    deletable: false,
    width,
    height,
    measured: { width, height },
    handles: handlesOf(lookOf(node), width),
    domAttributes: { 'aria-labelledby': labelId(node.id), tabIndex: tabStop ? 0 : -1 },
    ...(parent === undefined ? {} : { parentId: parent }),
  }
  // Only the head of a frame takes the pointer: inside of it the canvas is canvas.
  return isFrame
    ? { ...base, type: 'frame', style: { pointerEvents: 'none' }, dragHandle: '.frame-head' }
    : { ...base, type: 'step' }
}

function noteModel(id: string, note: FlowNote, { selected, tabStop, editable, box }: Fresh): NoteModel {
  const { x, y, width, height } = box
  return {
    id,
    type: 'note',
    position: { x, y },
    data: { note },
    selected,
    draggable: editable,
    connectable: false,
    deletable: false,
    zIndex: -1,
    width,
    height,
    measured: { width, height },
    ariaLabel: `Note: ${note.text.slice(0, 80)}`,
    domAttributes: { tabIndex: tabStop ? 0 : -1 },
  }
}

/** The DOM id of the words that announce a node. */
export function labelId(node: string): string {
  return `step-label-${node}`
}

function handlesOf(look: NodeLook, width: number): NodeHandle[] {
  const half = portSize / 2
  const size = { width: portSize, height: portSize }
  const handles: NodeHandle[] = look.ports.map((port, index) => ({
    ...size,
    id: port.name,
    type: 'source',
    position: Position.Right,
    x: width - half,
    y: portCenter(look, index) - half,
  }))
  if (look.hasInput)
    handles.push({
      ...size,
      id: 'in',
      type: 'target',
      position: Position.Left,
      x: -half,
      y: headCenter - half,
    })
  return handles
}

/** One node is reached by Tab, the rest by the arrow keys: the first selected one, else the first of all. */
function tabStopOf(
  document: FlowDocument,
  layout: Layout,
  selection: ReadonlySet<string>,
): string | undefined {
  const isDrawn = (node: FlowNode) => layout.behind(node.id) === null
  const selected = document.nodes.find((node) => selection.has(node.id) && isDrawn(node))
  if (selected) return selected.id
  const note = document.notes.find((each) => selection.has(noteCanvasId(each.id)))
  return note ? noteCanvasId(note.id) : document.nodes.find(isDrawn)?.id
}

function same(before: Kept, fresh: Fresh): boolean {
  return (
    before.source === fresh.source &&
    before.selected === fresh.selected &&
    before.tabStop === fresh.tabStop &&
    before.editable === fresh.editable &&
    before.parent === fresh.parent &&
    before.isFrame === fresh.isFrame &&
    before.box.x === fresh.box.x &&
    before.box.y === fresh.box.y &&
    before.box.width === fresh.box.width &&
    before.box.height === fresh.box.height
  )
}

function sameView(a: ModelView, b: ModelView): boolean {
  return (
    a.selection === b.selection &&
    a.dragged === b.dragged &&
    a.resized === b.resized &&
    a.editable === b.editable
  )
}
