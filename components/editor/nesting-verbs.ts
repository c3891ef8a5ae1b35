import { framePadding, layoutOf } from '@/components/canvas/layout'
import { noteOfCanvasId } from '@/components/canvas/node-models'
import { headHeight, lookOf } from '@/components/canvas/node-look'
import { around } from '@/components/canvas/snap'
import { nodeOf, type FlowEdge, type FlowNode, type NodeId, type Point } from '@/flow/document'
import type { Edit } from '@/flow/edits/edit'
import { freshNodeId } from '@/flow/edits/node-id'
import { donePort } from '@/flow/kind'
import { kinds } from '@/nodes/definitions'
import { carried } from './carry'
import type { EditorStore } from './editor-store'
import type { EditorViewStore } from './editor-view'
import { freePlace, gapX } from './placement'
import { selectedNodes } from './selection'

/** Containers: what goes in and out of them, how they are shown. */
export function createNestingVerbs(editor: EditorStore, view: EditorViewStore) {
  const now = () => editor.getState()

  function selectedContainers(): FlowNode[] {
    const { document, selection } = now()
    return selectedNodes(document, selection).filter((node) => lookOf(node).definition?.container)
  }

  return {
    selectedContainers,
    /** By canvas id. */
    nest(nodes: readonly NodeId[], container: NodeId | null, positions: ReadonlyMap<string, Point>): void {
      const { document } = now()
      const byId = [...positions].map(([id, at]) => [noteOfCanvasId(id) ?? id, at])
      const places = carried(document, Object.fromEntries(byId))
      editor.apply({ type: 'set_parent', nodes: [...nodes], parent: container, positions: places })
    },
    collapse(node: NodeId, isCollapsed: boolean): void {
      editor.apply({ type: 'set_node', node, patch: { collapsed: isCollapsed || undefined } })
    },
    toggleCollapsed(): void {
      const containers = selectedContainers()
      const isCollapsed = containers.some((node) => !node.collapsed)
      const edits = containers.map(({ id }): Edit => ({
        type: 'set_node',
        node: id,
        patch: { collapsed: isCollapsed || undefined },
      }))
      editor.apply({ type: 'batch', edits, title: isCollapsed ? 'Fold' : 'Unfold' })
    },
    resizeFrame(node: NodeId, size: { width: number; height: number }): void {
      editor.apply({ type: 'set_node', node, patch: { size } })
    },
    /** Opens the list for a step inside of a container, under what is there. */
    addInside(container: NodeId, screen: Point): void {
      const { document } = now()
      const node = nodeOf(document, container)
      const box = layoutOf(document).boxOf(container)
      if (!node || !box) return
      const last = lastInside(container)
      const first = { x: box.x + framePadding.side, y: box.y + lookOf(node).height + framePadding.top }
      const after = last && { x: last.position.x + lookOf(last).width + gapX, y: last.position.y }
      const at = freePlace(document, after ?? first, headHeight, container)
      const port = last && lookOf(last).ports[0]
      view.setState({
        quickAdd: {
          at,
          screen,
          parent: container,
          ...(last && port ? { end: { from: last.id, port: port.name } } : {}),
        },
      })
    },
    /** Puts the selected steps into a new container, which takes their place in the line. */
    wrap(kind: string): void {
      const { document, selection } = now()
      const definition = kinds.get(kind)
      const chosen = selectedNodes(document, selection)
      const first = chosen[0]
      if (!definition || !first) return
      const inside = chosen.filter((node) => node.parent === first.parent && lookOf(node).hasInput)
      if (inside.length === 0) return
      const ids = new Set<string>(inside.map((node) => node.id))
      const box = around(
        inside.map(({ id, position }) => ({
          width: 0,
          height: 0,
          ...position,
          ...layoutOf(document).boxOf(id),
        })),
      )
      const container: FlowNode = {
        id: freshNodeId(document, kind),
        kind,
        name: '',
        config: definition.defaults,
        position: {
          x: Math.round(box.x - framePadding.side),
          y: Math.round(box.y - headHeight - framePadding.top),
        },
        ...(first.parent === undefined ? {} : { parent: first.parent }),
      }
      const port = lookOf(container).ports[0]?.name ?? donePort.name
      const lines = document.edges.flatMap((edge): FlowEdge[] => {
        if (ids.has(edge.to) && !ids.has(edge.from)) return [{ ...edge, to: container.id }]
        if (ids.has(edge.from) && !ids.has(edge.to)) return [{ from: container.id, port, to: edge.to }]
        return []
      })
      const crossing = document.edges.filter((edge) => ids.has(edge.from) !== ids.has(edge.to))
      const edits: Edit[] = [
        {
          type: 'disconnect',
          edges: crossing.map((edge) => `${edge.from}:${edge.port}>${edge.to}` as const),
        },
        { type: 'add_node', node: container, edges: lines },
        { type: 'set_parent', nodes: inside.map((node) => node.id), parent: container.id },
      ]
      editor.apply(
        { type: 'batch', edits, title: `Put into ${definition.title}` },
        { select: [container.id] },
      )
    },
    unwrap(): void {
      const ids = selectedContainers().map((node) => node.id)
      if (ids.length > 0) editor.apply({ type: 'unwrap', ids })
    },
    /** Takes the selected steps out of their container. */
    takeOut(): void {
      const { document, selection } = now()
      const nodes = selectedNodes(document, selection).filter((node) => node.parent !== undefined)
      const first = nodes[0]
      if (!first) return
      const outer = nodeOf(document, first.parent ?? '')
      const box = outer && layoutOf(document).boxOf(outer.id)
      if (!outer || !box) return
      const shift = box.y + box.height + framePadding.top
      const top = Math.min(...nodes.map((node) => node.position.y))
      const places = nodes.map(({ id, position }) => [id, { x: position.x, y: position.y - top + shift }])
      editor.apply({
        type: 'set_parent',
        nodes: nodes.map((node) => node.id),
        parent: outer.parent ?? null,
        positions: carried(document, Object.fromEntries(places)),
      })
    },
  }

  /** The step at the end of the line inside of a container: the one furthest right that leads nowhere yet. */
  function lastInside(container: NodeId): FlowNode | null {
    const { document } = now()
    const leads = new Set<string>(document.edges.map((edge) => edge.from))
    const ends = document.nodes.filter((node) => node.parent === container && !leads.has(node.id))
    return ends.sort((a, b) => b.position.x - a.position.x)[0] ?? null
  }
}
