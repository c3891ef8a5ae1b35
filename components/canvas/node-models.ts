import { Position, type Node, type NodeHandle } from '@xyflow/react'
import type { FlowDocument, FlowNode, FlowNote, Point } from '@/flow/document'
import { headCenter, lookOf, portCenter, portSize, type NodeLook } from './node-look'

export type StepModel = Node<{ node: FlowNode }, 'step'>
export type NoteModel = Node<{ note: FlowNote }, 'note'>
export type CanvasModel = StepModel | NoteModel

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
  dragged: ReadonlyMap<string, Point>
  resized: ReadonlyMap<string, { width: number; height: number }>
  editable: boolean
}

interface Kept {
  source: FlowNode | FlowNote
  selected: boolean
  tabStop: boolean
  editable: boolean
  at: Point
  size: { width: number; height: number } | undefined
  model: CanvasModel
}

/**
 * Makes the drawing's nodes from a document. React Flow forgets what it knows of a node when it gets another object
 * for it, so an unchanged node keeps its object from call to call. Sizes and ports are given, never measured.
 */
export function createNodeModels() {
  let kept = new Map<string, Kept>()
  let built: { document: FlowDocument; view: ModelView; models: CanvasModel[] } | null = null

  return function build(document: FlowDocument, view: ModelView): CanvasModel[] {
    if (built?.document === document && sameView(built.view, view)) return built.models
    const next = new Map<string, Kept>()
    const tabStop = tabStopOf(document, view.selection)
    const take = (
      id: string,
      source: FlowNode | FlowNote,
      make: (fresh: Omit<Kept, 'model'>) => CanvasModel,
    ) => {
      const fresh = {
        source,
        selected: view.selection.has(id),
        tabStop: id === tabStop,
        editable: view.editable,
        at: view.dragged.get(id) ?? source.position,
        size: view.resized.get(id),
      }
      const before = kept.get(id)
      const same =
        before &&
        before.source === source &&
        before.selected === fresh.selected &&
        before.tabStop === fresh.tabStop &&
        before.editable === fresh.editable &&
        before.at === fresh.at &&
        before.size === fresh.size
      const model = same ? before.model : make(fresh)
      next.set(id, { ...fresh, model })
      return model
    }
    const models: CanvasModel[] = []
    for (const note of document.notes) {
      const id = noteCanvasId(note.id)
      models.push(take(id, note, (fresh) => noteModel(id, note, fresh)))
    }
    for (const node of document.nodes) models.push(take(node.id, node, (fresh) => stepModel(node, fresh)))
    kept = next
    built = { document, view, models }
    return models
  }
}

function stepModel(node: FlowNode, { selected, tabStop, editable, at }: Omit<Kept, 'model'>): StepModel {
  const look = lookOf(node)
  return {
    id: node.id,
    type: 'step',
    position: at,
    data: { node },
    selected,
    draggable: editable,
    connectable: editable,
    deletable: false,
    width: look.width,
    height: look.height,
    measured: { width: look.width, height: look.height },
    handles: handlesOf(look),
    domAttributes: { 'aria-labelledby': labelId(node.id), tabIndex: tabStop ? 0 : -1 },
  }
}

function noteModel(
  id: string,
  note: FlowNote,
  { selected, tabStop, editable, at, size }: Omit<Kept, 'model'>,
): NoteModel {
  const { width, height } = size ?? note.size ?? noteSize
  return {
    id,
    type: 'note',
    position: at,
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

function handlesOf(look: NodeLook): NodeHandle[] {
  const half = portSize / 2
  const size = { width: portSize, height: portSize }
  const handles: NodeHandle[] = look.ports.map((port, index) => ({
    ...size,
    id: port.name,
    type: 'source',
    position: Position.Right,
    x: look.width - half,
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
function tabStopOf(document: FlowDocument, selection: ReadonlySet<string>): string | undefined {
  const selected = document.nodes.find((node) => selection.has(node.id))
  if (selected) return selected.id
  const note = document.notes.find((each) => selection.has(noteCanvasId(each.id)))
  return note ? noteCanvasId(note.id) : document.nodes[0]?.id
}

function sameView(a: ModelView, b: ModelView): boolean {
  return (
    a.selection === b.selection &&
    a.dragged === b.dragged &&
    a.resized === b.resized &&
    a.editable === b.editable
  )
}
