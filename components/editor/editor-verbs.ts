'use client'

import { createContext, useContext } from 'react'
import { toast } from '@/components/ui/toaster'
import { layoutOf } from '@/components/canvas/layout'
import { lookOf } from '@/components/canvas/node-look'
import { neighborOf, type Direction } from '@/components/canvas/walk'
import { noteCanvasId, noteOfCanvasId, noteSize } from '@/components/canvas/node-models'
import { copySelection, pasteOf, readClipboard } from '@/flow/clipboard'
import {
  edgeKey,
  nodeOf,
  type EdgeKey,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type NodeId,
  type Point,
} from '@/flow/document'
import type { Edit } from '@/flow/edits/edit'
import { freshNodeId, slugOf } from '@/flow/edits/node-id'
import { graphOf } from '@/flow/graph'
import type { Json } from '@/flow/json'
import { kinds } from '@/nodes/definitions'
import { createAddingVerbs } from './adding-verbs'
import { aligned, boxesOf, distributed, toPlaces, type Alignment } from './arrange'
import { carried } from './carry'
import type { EditorStore } from './editor-store'
import type { EditorViewStore } from './editor-view'
import { createNestingVerbs } from './nesting-verbs'
import { canvasIdsOf, onlyNode, selectedEdges, selectedNodes, selectedNotes } from './selection'

export type EditorVerbs = ReturnType<typeof createVerbs>

/** What a person can do to the open flow, whichever of gesture, key, menu or dialog asks for it. */
export function createVerbs(editor: EditorStore, view: EditorViewStore) {
  const now = () => editor.getState()
  const reveal = (id: string) => requestAnimationFrame(() => view.getState().canvas?.reveal(id))

  /** `parent`: the container that it goes into, null: none; without it the one at its place. */
  function pasteText(text: string, at?: Point, parent?: { id: NodeId | undefined }): boolean {
    const { document } = now()
    const fragment = readClipboard(text)
    if (!fragment || fragment.nodes.length + fragment.notes.length === 0) return false
    const middle = at ?? view.getState().pointer ?? view.getState().canvas?.middle().at ?? { x: 0, y: 0 }
    const edit = inContainerAt(document, pasteOf(document, fragment, middle, kinds), parent ?? middle)
    const pasted = [...edit.nodes.map((node) => node.id), ...edit.notes.map((note) => noteCanvasId(note.id))]
    editor.apply(edit, { select: pasted })
    return true
  }

  function copyText(): string | null {
    const { document, selection } = now()
    const nodes = selectedNodes(document, selection)
    const notes = selectedNotes(document, selection)
    if (nodes.length + notes.length === 0) return null
    return copySelection(document, new Set<string>([...nodes, ...notes].map((each) => each.id)))
  }

  function remove(heal: boolean): void {
    const { document, selection } = now()
    const ids = [...selectedNodes(document, selection), ...selectedNotes(document, selection)].map(
      (each) => each.id,
    )
    const edges = selectedEdges(document, selection).map(edgeKey)
    const edits: Edit[] = []
    if (edges.length > 0) edits.push({ type: 'disconnect', edges })
    if (ids.length > 0) edits.push({ type: 'remove', ids, heal })
    const [only] = edits
    if (only) editor.apply(edits.length === 1 ? only : { type: 'batch', edits, title: 'Delete' })
  }

  function moveAll(positions: Record<string, Point>, reason: 'nudge' | 'align' | 'tidy' | 'drag'): void {
    const places = carried(now().document, positions)
    editor.apply({ type: 'move', positions: places, reason }, reason === 'nudge' ? { merge: 'nudge' } : {})
  }

  return {
    ...createAddingVerbs(editor, view),
    ...createNestingVerbs(editor, view),
    pasteText,
    copyText,
    remove,
    connect(edge: FlowEdge): void {
      editor.apply({ type: 'connect', edge })
    },
    disconnect(edge: EdgeKey): void {
      editor.apply({ type: 'disconnect', edges: [edge] })
    },
    reconnect(edge: EdgeKey, to: FlowEdge): void {
      editor.apply({ type: 'reconnect', edge, to }, { select: [edgeKey(to)] })
    },
    /** Puts a step that stands on a line into it. */
    splice(node: NodeId, edge: EdgeKey, position: Point): void {
      const { document } = now()
      const step = nodeOf(document, node)
      const port = step && lookOf(step).ports[0]?.name
      const from = document.edges.find((each) => edgeKey(each) === edge)?.from
      if (!port || !from) return
      const parent = nodeOf(document, from)?.parent ?? null
      const positions = carried(document, { [node]: position })
      editor.apply({
        type: 'batch',
        edits: [
          { type: 'set_parent', nodes: [node], parent, positions },
          { type: 'move', positions },
          { type: 'splice', node, edge, port },
        ],
        title: 'Put on the line',
      })
    },
    /** By canvas id. */
    move(positions: ReadonlyMap<string, Point>): void {
      const byId = [...positions].map(([id, at]) => [noteOfCanvasId(id) ?? id, at])
      moveAll(Object.fromEntries(byId), 'drag')
    },
    renameFlow(name: string): void {
      editor.apply({ type: 'set_flow', patch: { name } })
    },
    duplicate(): void {
      const text = copyText()
      const { document, selection } = now()
      const items = [...selectedNodes(document, selection), ...selectedNotes(document, selection)]
      if (!text || items.length === 0) return
      const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2
      pasteText(
        text,
        {
          x: middle(items.map((item) => item.position.x)) + 24,
          y: middle(items.map((item) => item.position.y)) + lookHeight(items[0]) + 24,
        },
        { id: selectedNodes(document, selection)[0]?.parent },
      )
    },
    async copy(): Promise<void> {
      const text = copyText()
      if (text) await navigator.clipboard.writeText(text)
    },
    async cut(): Promise<void> {
      const text = copyText()
      if (!text) return
      await navigator.clipboard.writeText(text)
      remove(false)
    },
    async paste(): Promise<void> {
      if (!pasteText(await navigator.clipboard.readText()))
        toast('The clipboard holds no steps', {
          description: 'Copy steps, or the JSON of a flow, then paste.',
        })
    },
    selectAll(): void {
      const { document } = now()
      editor.select([...canvasIdsOf(document)])
    },
    /** Adds all that leads to the selection, or all that follows. */
    selectStream(direction: 'up' | 'down'): void {
      const { document, selection } = now()
      const graph = graphOf(document, kinds)
      const more = selectedNodes(document, selection).flatMap((node) => [
        ...(direction === 'up' ? graph.upstream(node.id) : graph.downstream(node.id)),
      ])
      editor.select([...selection, ...more])
    },
    walk(direction: Direction): void {
      const { document, selection } = now()
      const from = selectedNodes(document, selection)[0] ?? document.nodes[0]
      if (!from) return
      const to = selection.has(from.id) ? neighborOf(document, from, direction) : from
      if (!to) return
      editor.select([to.id])
      reveal(to.id)
    },
    nudge(dx: number, dy: number): void {
      const { document, selection } = now()
      const items = [...selectedNodes(document, selection), ...selectedNotes(document, selection)]
      const moved = items.map(({ id, position }) => [id, { x: position.x + dx, y: position.y + dy }])
      if (moved.length > 0) moveAll(Object.fromEntries(moved), 'nudge')
    },
    align(by: Alignment): void {
      const { document, selection } = now()
      const boxes = boxesOf(document, selectedNodes(document, selection))
      moveAll(toPlaces(document, aligned(boxes, by)), 'align')
    },
    distribute(axis: 'x' | 'y'): void {
      const { document, selection } = now()
      const boxes = boxesOf(document, selectedNodes(document, selection))
      moveAll(toPlaces(document, distributed(boxes, axis)), 'align')
    },
    toggleDisabled(): void {
      const { document, selection } = now()
      const nodes = selectedNodes(document, selection)
      const disabled = nodes.some((node) => !node.disabled)
      if (nodes.length > 0)
        editor.apply({ type: 'set_disabled', nodes: nodes.map((node) => node.id), disabled })
    },
    addNote(at?: Point): void {
      const { document } = now()
      const place = at ?? view.getState().pointer ?? view.getState().canvas?.middle().at ?? { x: 0, y: 0 }
      const used = new Set(document.notes.map((note) => note.id))
      let number = document.notes.length + 1
      while (used.has(`note_${number}`)) number++
      const id = `note_${number}`
      const position = {
        x: Math.round(place.x - noteSize.width / 2),
        y: Math.round(place.y - noteSize.height / 2),
      }
      editor.apply(
        { type: 'add_note', note: { id, text: '', color: 'yellow', position, size: noteSize } },
        { select: [noteCanvasId(id)] },
      )
      view.getState().canvas?.write(id)
    },
    setNote(note: string, patch: Extract<Edit, { type: 'set_note' }>['patch']): void {
      editor.apply({ type: 'set_note', note, patch })
    },
    /** A new name; an id that was made from the old name follows it, and every reference follows the id. */
    rename(id: NodeId, name: string): void {
      const { document } = now()
      const node = nodeOf(document, id)
      if (!node) return
      const edits: Edit[] = [{ type: 'set_node', node: id, patch: { name } }]
      const fresh = idByName(document, node, node.name, name)
      if (fresh !== id) edits.push({ type: 'change_id', node: id, id: fresh })
      editor.apply({ type: 'batch', edits, title: 'Rename' }, { select: [fresh] })
    },
    /** After a name was typed over another: an id that was made from that follows. */
    followName(id: NodeId, before: string): void {
      const { document, selection } = now()
      const node = nodeOf(document, id)
      const fresh = node && idByName(document, node, before, node.name)
      if (!fresh || fresh === id) return
      const select = [...selection].map((each) => (each === id ? fresh : each))
      editor.apply({ type: 'change_id', node: id, id: fresh }, { select })
    },
    /** Selects a step and puts the keyboard on the first field of its settings. */
    openSettings(id: string): void {
      editor.select([id])
      view.getState().canvas?.look(id)
      view.setState(({ inspectorFocus }) => ({ inspectorFocus: inspectorFocus + 1 }))
    },
    startRename(): void {
      const { document, selection } = now()
      const node = onlyNode(document, selection)
      if (node) view.getState().canvas?.rename(node.id)
    },
    pinSample(node: NodeId, sample: Json | undefined): void {
      editor.apply({ type: 'pin_sample', node, sample })
    },
    async tidy(): Promise<void> {
      const { document, selection } = now()
      const chosen = selectedNodes(document, selection)
      const [{ tidied }, { notesAside }] = await Promise.all([import('./tidy'), import('./notes-aside')])
      const positions = await tidied(document, tidyRoots(document, chosen))
      if (now().document !== document) return
      await view.getState().canvas?.glide(positions)
      if (now().document !== document) return
      const isWhole = chosen.length === 0
      moveAll(isWhole ? { ...positions, ...notesAside(document, positions) } : positions, 'tidy')
      // Else a small flow may lie where nobody looks.
      if (isWhole) requestAnimationFrame(() => view.getState().canvas?.open())
    },
    /** Selects and shows the step of the next problem. */
    nextProblem(): void {
      const { problems } = now()
      const withNode = problems.filter((problem) => problem.node !== undefined)
      const index = (view.getState().problemAt + 1) % Math.max(1, withNode.length)
      const problem = withNode[index]
      view.setState({ problemAt: index, panel: 'problems' })
      if (!problem?.node) return
      editor.select([problem.node])
      reveal(problem.node)
    },
    /** Selects and brings into sight, the keyboard staying where it is. */
    look(id: string): void {
      editor.select([id])
      view.getState().canvas?.look(id)
    },
    /** Selects, brings into sight and gives it the keyboard. */
    show(id: string): void {
      editor.select([id])
      reveal(id)
    },
  }
}

/** The id of a node that gets another name: a new one when its own was made from the kind or the old name, else the same. */
function idByName(document: FlowDocument, node: FlowNode, before: string, name: string): NodeId {
  const base = node.id.replace(/_\d+$/, '')
  const isMadeUp = base === node.kind || base === slugOf(before).replace(/_\d+$/, '')
  return name && isMadeUp && slugOf(name) !== node.id ? freshNodeId(document, name) : node.id
}

/** What Tidy puts in order: several chosen steps, the insides of one chosen container, else all. */
function tidyRoots(document: FlowDocument, chosen: readonly FlowNode[]): readonly FlowNode[] {
  const [first, second] = chosen
  if (first && second) return chosen.filter((node) => node.parent === first.parent)
  const isFrame = first !== undefined && layoutOf(document).isFrame(first.id)
  const inside = document.nodes.filter((node) => isFrame && node.parent === first.id)
  return inside.length > 0 ? inside : document.nodes.filter((node) => node.parent === undefined)
}

/** What is pasted and has no pasted container around it goes into that container, or the one at a point. */
function inContainerAt(
  document: FlowDocument,
  edit: Extract<Edit, { type: 'paste' }>,
  place: Point | { id: NodeId | undefined },
): Extract<Edit, { type: 'paste' }> {
  const pasted = new Set<string>(edit.nodes.map((node) => node.id))
  const frame = 'x' in place ? layoutOf(document).frameAt(place) : place.id
  const id = document.nodes.find((node) => node.id === frame)?.id
  const nodes = edit.nodes.map((node): FlowNode => {
    if (node.parent !== undefined && pasted.has(node.parent)) return node
    const { parent: _parent, ...rest } = node
    return id === undefined || !lookOf(node).hasInput ? rest : { ...rest, parent: id }
  })
  return { ...edit, nodes }
}

function lookHeight(item: FlowNode | object | undefined): number {
  return item && 'kind' in item && 'config' in item ? 52 : noteSize.height
}

const VerbsContext = createContext<EditorVerbs | null>(null)
export const VerbsProvider = VerbsContext.Provider

export function useVerbs(): EditorVerbs {
  const verbs = useContext(VerbsContext)
  if (!verbs) throw new Error('No editor here: wrap the component in a VerbsProvider.')
  return verbs
}
