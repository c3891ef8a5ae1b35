import { layoutOf } from '@/components/canvas/layout'
import { headHeight, lookOf, nodeWidth } from '@/components/canvas/node-look'
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
import { freshNodeId } from '@/flow/edits/node-id'
import { graphOf } from '@/flow/graph'
import { kinds } from '@/nodes/definitions'
import { carried } from './carry'
import type { EditorStore } from './editor-store'
import type { EditorViewStore, QuickAdd } from './editor-view'
import { freePlace, gapX, placeAfter } from './placement'
import { onlyNode, selectedEdges } from './selection'

/** Adding steps: free, chained, into a line, in place of another. */
export function createAddingVerbs(editor: EditorStore, view: EditorViewStore) {
  const now = () => editor.getState()
  const reveal = (id: string) => requestAnimationFrame(() => view.getState().canvas?.reveal(id))

  function freshNode(kind: string, at: Point, parent?: NodeId): FlowNode | null {
    const definition = kinds.get(kind)
    if (!definition) return null
    return {
      id: freshNodeId(now().document, kind),
      kind,
      name: '',
      config: definition.defaults,
      position: { x: Math.round(at.x), y: Math.round(at.y) },
      // What starts runs stands outside of all containers.
      ...(parent === undefined || definition.trigger ? {} : { parent }),
    }
  }

  /** The container that a new step belongs into: that of what it is wired to, else the one at its place. */
  function parentFor({ at, end, edge, parent }: Omit<QuickAdd, 'screen'>): NodeId | undefined {
    if (parent) return parent
    const { document } = now()
    const wired = end
      ? 'from' in end
        ? end.from
        : end.to
      : document.edges.find((each) => edgeKey(each) === edge)?.from
    if (wired !== undefined) return nodeOf(document, wired)?.parent
    const center = { x: at.x + nodeWidth / 2, y: at.y + headHeight / 2 }
    const frame = layoutOf(document).frameAt(center)
    return frame === null ? undefined : nodeOf(document, frame)?.id
  }

  function add(kind: string, wanted: Omit<QuickAdd, 'screen'>): void {
    const { at, end, edge, replace } = wanted
    if (replace) return replaceKind(replace, kind)
    const node = freshNode(kind, at, parentFor(wanted))
    if (!node) return
    const port = lookOf(node).ports[0]?.name ?? 'done'
    if (edge) insert(node, edge, port)
    else {
      const lines: FlowEdge[] = !end
        ? []
        : 'from' in end
          ? [{ from: end.from, port: end.port, to: node.id }]
          : [{ from: node.id, port, to: end.to }]
      editor.apply({ type: 'add_node', node, edges: lines }, { select: [node.id] })
    }
    reveal(node.id)
  }

  /** Into a line; what follows moves aside when there is no room between. */
  function insert(node: FlowNode, key: EdgeKey, port: string): void {
    const { document } = now()
    const edge = document.edges.find((each) => edgeKey(each) === key)
    const from = edge && nodeOf(document, edge.from)
    const to = edge && nodeOf(document, edge.to)
    const edits: Edit[] = [{ type: 'insert_node', node, edge: key, port }]
    const layout = layoutOf(document)
    const fromBox = from && layout.boxOf(from.id)
    if (from && to && fromBox) {
      const left = Math.max(node.position.x, fromBox.x + fromBox.width + 40)
      const missing = left + nodeWidth + 40 - to.position.x
      const isAhead = to.position.x > from.position.x
      if (isAhead && missing > 0) {
        node.position = { ...node.position, x: left }
        const shifted = graphOf(document, kinds).downstream(to.id)
        const positions = [to, ...document.nodes.filter((each) => shifted.has(each.id))].map((each) => [
          each.id,
          { x: Math.round(each.position.x + missing), y: each.position.y },
        ])
        edits.push({ type: 'move', positions: carried(document, Object.fromEntries(positions)) })
      }
    }
    editor.apply({ type: 'batch', edits, title: 'Insert step' }, { select: [node.id] })
  }

  /** The port that a new step is most likely wanted at: the first that leads nowhere yet. */
  function openPort(node: FlowNode): string | null {
    const used = new Set(
      now()
        .document.edges.filter((edge) => edge.from === node.id)
        .map((edge) => edge.port),
    )
    const ports = lookOf(node).ports
    return (ports.find((port) => !used.has(port.name) && port.name !== 'error') ?? ports[0])?.name ?? null
  }

  function replaceKind(node: NodeId, kind: string): void {
    const definition = kinds.get(kind)
    const before = nodeOf(now().document, node)
    if (!definition || !before || before.kind === kind) return
    const known = new Set(Object.keys(definition.defaults))
    const kept = Object.entries(before.config).filter(([name]) => known.has(name))
    const config = { ...definition.defaults, ...Object.fromEntries(kept) }
    editor.apply({ type: 'replace_kind', node, kind, config })
  }

  function openQuickAdd(wanted: QuickAdd): void {
    view.setState({ quickAdd: wanted })
  }

  /** Where things go that nobody pointed a place for. */
  function somewhere(height: number): Point {
    const { pointer, canvas } = view.getState()
    const at = pointer ?? canvas?.middle().at ?? { x: 80, y: 80 }
    return freePlace(now().document, { x: at.x - nodeWidth / 2, y: at.y - 26 }, height, undefined)
  }

  return {
    add,
    openQuickAdd,
    replaceKind,
    insertAt(edge: EdgeKey, at: Point, screen: Point): void {
      openQuickAdd({ at: { x: at.x - nodeWidth / 2, y: at.y - 26 }, screen, edge })
    },
    /** From the palette: after the selected step, into the selected line, else where there is room. */
    addAfterSelection(kind: string): void {
      const { document, selection } = now()
      const definition = kinds.get(kind)
      const [edge] = selectedEdges(document, selection)
      const node = onlyNode(document, selection)
      const fresh = freshNode(kind, { x: 0, y: 0 })
      if (!definition || !fresh) return
      const { height, ports } = lookOf(fresh)
      const port = node && openPort(node)
      if (edge && !definition.trigger && ports.length > 0) {
        const to = nodeOf(document, edge.to)
        const from = nodeOf(document, edge.from)
        if (from && to) return add(kind, { at: between(document, from, to), edge: edgeKey(edge) })
      }
      if (node && port && !definition.trigger)
        return add(kind, { at: placeAfter(document, node, height), end: { from: node.id, port } })
      view.setState({ pointer: null })
      add(kind, { at: somewhere(height) })
    },
    /** Opens the list for a step after the selected one, already wired; on nothing selected: a free step. */
    addNext(): void {
      const { document, selection } = now()
      const { canvas } = view.getState()
      const node = onlyNode(document, selection)
      const port = node && openPort(node)
      const middle = canvas?.middle()
      if (!node || !port) {
        if (middle) openQuickAdd({ at: somewhere(52), screen: middle.screen })
        return
      }
      const at = placeAfter(document, node, 52)
      const element = globalThis.document.querySelector(`.react-flow__node[data-id="${CSS.escape(node.id)}"]`)
      const box = element?.getBoundingClientRect()
      const screen = box ? { x: box.right + 16, y: box.top } : middle?.screen
      if (screen) openQuickAdd({ at, screen, end: { from: node.id, port } })
    },
  }
}

function between(document: FlowDocument, from: FlowNode, to: FlowNode): Point {
  const box = layoutOf(document).boxOf(from.id)
  const right = box ? box.x + box.width : from.position.x + nodeWidth
  return {
    x: Math.max((from.position.x + to.position.x) / 2, right + gapX / 2),
    y: (from.position.y + to.position.y) / 2,
  }
}
