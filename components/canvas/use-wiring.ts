'use client'

import {
  useReactFlow,
  type Connection,
  type Edge,
  type FinalConnectionState,
  type HandleType,
  type OnConnectStartParams,
} from '@xyflow/react'
import { useEffect, useMemo } from 'react'
import { edgeKey, nodeIdSchema, type FlowDocument, type FlowEdge } from '@/flow/document'
import type { CanvasEditing } from './canvas-editing'
import type { CanvasStore, Wiring } from './canvas-store'
import { connectionProblem } from './connection-rule'
import type { EdgeModel } from './edge-models'
import { lookOf } from './node-look'
import type { CanvasModel } from './node-models'

/** Drawing lines: from port to port, or let go anywhere on a step's body; let go on empty canvas it stays a loose end. */
export function useWiring(document: FlowDocument, store: CanvasStore, editing: CanvasEditing | null) {
  const flow = useReactFlow<CanvasModel, EdgeModel>()

  useEffect(() => {
    const follow = (event: PointerEvent) => {
      const { wiring, wiringTarget } = store.getState()
      if (!wiring) return
      const node = nodeUnder({ x: event.clientX, y: event.clientY })
      if (node === (wiringTarget?.node ?? null)) return
      const attempt = node && edgeOf(document, wiring, node)
      const problem = attempt ? problemOf(document, wiring, attempt) : null
      const isTarget = node !== null && node !== wiring.node
      store.setState({ wiringTarget: isTarget ? { node, problem } : null })
    }
    window.addEventListener('pointermove', follow)
    return () => window.removeEventListener('pointermove', follow)
  }, [document, store])

  return useMemo(() => {
    const finish = (wiring: Wiring, edge: FlowEdge) => {
      if (problemOf(document, wiring, edge)) return
      if (wiring.moving) editing?.onReconnect(wiring.moving, edge)
      else editing?.onConnect(edge)
    }
    return {
      isValidConnection: (connection: Connection | Edge) => {
        const edge = edgeOfConnection(connection)
        const wiring = store.getState().wiring
        return edge !== null && problemOf(document, wiring, edge) === null
      },
      onConnectStart: (_: unknown, params: OnConnectStartParams) => {
        if (!params.nodeId) return
        const port = params.handleType === 'source' ? params.handleId : null
        store.setState(({ wiring }) => ({
          wiring: { node: params.nodeId ?? '', port, moving: wiring?.moving },
        }))
      },
      onReconnectStart: (_: unknown, edge: EdgeModel, fixed: HandleType) => {
        const { from, port, to } = edge.data?.edge ?? { from: '', port: '', to: '' }
        const wiring = fixed === 'source' ? { node: from, port } : { node: to, port: null }
        store.setState({ wiring: { ...wiring, moving: edge.data?.key } })
      },
      onConnect: (connection: Connection) => {
        const edge = edgeOfConnection(connection)
        const wiring = store.getState().wiring
        if (edge && wiring) finish({ ...wiring, moving: undefined }, edge)
      },
      onReconnect: (_: EdgeModel, connection: Connection) => {
        const edge = edgeOfConnection(connection)
        const wiring = store.getState().wiring
        if (edge && wiring) finish(wiring, edge)
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        const wiring = store.getState().wiring
        store.setState({ wiring: null, wiringTarget: null })
        if (!wiring || state.isValid) return
        const screen = pointerOf(event)
        const node = nodeUnder(screen)
        const edge = node && edgeOf(document, wiring, node)
        if (edge) return finish(wiring, edge)
        if (node || wiring.moving || !isOverPane(screen)) return
        const at = flow.screenToFlowPosition(screen)
        const id = nodeIdSchema.parse(wiring.node)
        const end = wiring.port === null ? { to: id } : { from: id, port: wiring.port }
        editing?.onLooseEnd(end, at, screen)
      },
    }
  }, [document, store, editing, flow])
}

function edgeOfConnection(connection: Connection | Edge): FlowEdge | null {
  const from = nodeIdSchema.safeParse(connection.source)
  const to = nodeIdSchema.safeParse(connection.target)
  if (!from.success || !to.success) return null
  return { from: from.data, port: connection.sourceHandle ?? 'done', to: to.data }
}

/** The edge that letting go on this node's body would make; by its first port when drawn backwards. */
function edgeOf(document: FlowDocument, wiring: Wiring, node: string): FlowEdge | null {
  const other = document.nodes.find((each) => each.id === node)
  const own = document.nodes.find((each) => each.id === wiring.node)
  if (!other || !own) return null
  if (wiring.port !== null) return { from: own.id, port: wiring.port, to: other.id }
  const moving = document.edges.find((edge) => edgeKey(edge) === wiring.moving)
  const ports = lookOf(other).ports
  const port = ports.find((each) => each.name === moving?.port) ?? ports[0]
  return { from: other.id, port: port?.name ?? 'done', to: own.id }
}

/** As `connectionProblem`, but the edge whose end is being moved does not count. */
function problemOf(document: FlowDocument, wiring: Wiring | null, edge: FlowEdge): string | null {
  if (!wiring?.moving) return connectionProblem(document, edge.from, edge.port, edge.to)
  const edges = document.edges.filter((each) => edgeKey(each) !== wiring.moving)
  return connectionProblem({ ...document, edges }, edge.from, edge.port, edge.to)
}

function nodeUnder(screen: { x: number; y: number }): string | null {
  const element = window.document.elementFromPoint(screen.x, screen.y)
  return element?.closest('.react-flow__node-step, .react-flow__node-frame')?.getAttribute('data-id') ?? null
}

function isOverPane(screen: { x: number; y: number }): boolean {
  const element = window.document.elementFromPoint(screen.x, screen.y)
  return element?.closest('.react-flow__pane, .react-flow__edges, .react-flow__edge') !== null
}

function pointerOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 }
}
