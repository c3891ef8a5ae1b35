'use client'

import {
  Background,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
  type EdgeChange,
  type ReactFlowState,
} from '@xyflow/react'
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { classNames } from '@/components/ui/class-names'
import type { FlowDocument } from '@/flow/document'
import { canvasApiOf, type CanvasApi, type Insets } from './canvas-api'
import type { CanvasEditing } from './canvas-editing'
import { useCanvasStore, useCanvasView } from './canvas-store'
import { ConnectionLine } from './connection-line'
import { createEdgeModels, type EdgeModel } from './edge-models'
import { FlowEdge } from './flow-edge'
import { FrameNode } from './frame-node'
import { GuideLines } from './guide-lines'
import { createNodeModels, type CanvasModel } from './node-models'
import { NoteNode } from './note-node'
import { OverviewMap } from './overview-map'
import { StepNode } from './step-node'
import { useDrop } from './use-drop'
import { useNodeChanges, withPicks } from './use-node-changes'
import { useWiring } from './use-wiring'
import { neighborOf, type Direction } from './walk'
import { ZoomControls } from './zoom-controls'

const nodeTypes = { step: StepNode, frame: FrameNode, note: NoteNode }
const edgeTypes = { flow: FlowEdge }
/** From here on only what is in view is rendered; below, mounting on every pan would cost more than it saves. */
const manyNodes = 150
const mapFrom = 12
const mapGap = 4
const lowDetailBelow = 0.4
/** From here on an icon is a few pixels: only colours are drawn. */
const farBelow = 0.25

/** React Flow, fed with our nodes and edges. */
export function Drawing({
  document,
  editing,
  selection,
  onSelectionChange,
  onTidy,
  onReady,
  insets,
  children,
}: {
  document: FlowDocument
  editing: CanvasEditing | null
  selection: ReadonlySet<string>
  onSelectionChange: (change: (selection: ReadonlySet<string>) => ReadonlySet<string>) => void
  onTidy: (() => void) | undefined
  onReady: ((api: CanvasApi) => void) | undefined
  insets: Insets
  children: ReactNode
}) {
  const store = useCanvasStore()
  const flow = useReactFlow<CanvasModel, EdgeModel>()
  const dragged = useCanvasView((view) => view.dragged)
  const resized = useCanvasView((view) => view.resized)
  const [buildNodes] = useState(createNodeModels)
  const [buildEdges] = useState(createEdgeModels)
  const isCoarse = useIsCoarsePointer()
  const editable = editing !== null
  const nodes = buildNodes(document, { selection, dragged, resized, editable })
  const edges = useMemo(
    () => buildEdges(document, selection, editable),
    [buildEdges, document, selection, editable],
  )
  useLowDetail()
  const isFar = useStore(isFarAway)

  const element = useRef<HTMLDivElement>(null)
  const room = useRef(insets)
  useEffect(() => {
    room.current = insets
  }, [insets])
  const api = useRef<CanvasApi | null>(null)
  const [isPlaced, setPlaced] = useState(false)
  const onInit = useCallback(() => {
    if (!element.current) return
    const made = canvasApiOf(flow, store, element.current, () => room.current)
    api.current = made
    made.open()
    setPlaced(true)
    onReady?.(made)
  }, [flow, store, onReady])

  const onNodesChange = useNodeChanges({ document, store, editing, onSelectionChange })
  const onEdgesChange = useCallback(
    (changes: EdgeChange<EdgeModel>[]) => {
      const picks = changes.filter((change) => change.type === 'select')
      if (picks.length > 0) onSelectionChange((before) => withPicks(before, picks))
    },
    [onSelectionChange],
  )
  const wiring = useWiring(document, store, editing)
  const drop = useDrop(document, store, editing)

  /** Enter and Space select what has the keyboard. A canvas that only shows has no command table, so it walks by itself. */
  const onKeyDown = (event: KeyboardEvent) => {
    const id = canvasIdAt(event.target)
    if (id === null || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return
    const direction = directions[event.key]
    const node = document.nodes.find((each) => each.id === id)
    const next = !editable && direction && node ? neighborOf(document, node, direction) : null
    const isPress = (event.key === 'Enter' || event.key === ' ') && !selection.has(id)
    if (!isPress && !next) return
    event.preventDefault()
    onSelectionChange(() => new Set([next?.id ?? id]))
    if (next) api.current?.reveal(next.id)
  }

  const contextMenu = (id: string | null) => (event: globalThis.MouseEvent | MouseEvent) => {
    if (!editing) return
    event.preventDefault()
    const screen = { x: event.clientX, y: event.clientY }
    editing.onContextMenu({ id }, flow.screenToFlowPosition(screen), screen)
  }

  return (
    <div ref={element} className="relative size-full" onKeyDown={onKeyDown} {...drop}>
      <ReactFlow<CanvasModel, EdgeModel>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={onInit}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...(editing ? wiring : {})}
        nodesConnectable={editable}
        nodesDraggable={editable}
        connectionLineComponent={ConnectionLine}
        connectionRadius={26}
        reconnectRadius={8}
        connectOnClick={false}
        onEdgeMouseEnter={(_, edge) => store.setState({ hoveredEdge: edge.data?.key ?? null })}
        onEdgeMouseLeave={() => store.setState({ hoveredEdge: null })}
        onNodeDoubleClick={(_, node) => {
          if (node.type !== 'note') editing?.onOpen(node.data.node.id)
        }}
        onDoubleClick={(event) => {
          const isPane = event.target instanceof Element && event.target.matches('.react-flow__pane')
          if (!editing || !isPane) return
          const screen = { x: event.clientX, y: event.clientY }
          editing.onQuickAdd(flow.screenToFlowPosition(screen), screen)
        }}
        onPaneContextMenu={contextMenu(null)}
        onNodeContextMenu={(event, node) => contextMenu(node.id)(event)}
        onEdgeContextMenu={(event, edge) => contextMenu(edge.id)(event)}
        onSelectionContextMenu={(event, [node]) => contextMenu(node?.id ?? null)(event)}
        selectionOnDrag={editable && !isCoarse}
        selectionMode={SelectionMode.Partial}
        panOnDrag={editable && !isCoarse ? [1] : true}
        panOnScroll
        zoomOnDoubleClick={false}
        panActivationKeyCode="Space"
        selectionKeyCode={null}
        multiSelectionKeyCode={multiKeys}
        deleteKeyCode={null}
        disableKeyboardA11y
        autoPanOnNodeFocus={false}
        elevateNodesOnSelect
        onlyRenderVisibleElements={document.nodes.length > manyNodes}
        minZoom={0.1}
        maxZoom={2}
        className={classNames(!isPlaced && 'invisible', isFar && 'is-far')}
        proOptions={hideAttribution}
        aria-label="Flow"
      >
        <Background gap={20} size={1.6} color="var(--color-canvas-dot)" />
        <GuideLines />
        <ZoomControls onTidy={editable ? onTidy : undefined} />
        {document.nodes.length > mapFrom && <OverviewMap bottom={insets.bottom - mapGap} />}
      </ReactFlow>
      {children}
    </div>
  )
}

const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** The node or line that has the keyboard itself, not something inside it. */
function canvasIdAt(target: EventTarget): string | null {
  const isItem = target instanceof Element && target.matches('.react-flow__node, .react-flow__edge')
  return isItem ? target.getAttribute('data-id') : null
}

const multiKeys = ['Meta', 'Control', 'Shift']
const hideAttribution = { hideAttribution: true }
const isLowDetail = (state: ReactFlowState) => state.transform[2] < lowDetailBelow
const isFarAway = (state: ReactFlowState) => state.transform[2] < farBelow

/** One subscription for all nodes: they hear of the crossing, not of every step of a zoom. */
function useLowDetail(): void {
  const store = useCanvasStore()
  const lowDetail = useStore(isLowDetail)
  useEffect(() => store.setState({ lowDetail }), [store, lowDetail])
}

const coarse = '(pointer: coarse)'
function useIsCoarsePointer(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(coarse)
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => matchMedia(coarse).matches,
    () => false,
  )
}
