import type { ReactFlowInstance } from '@xyflow/react'
import type { Point } from '@/flow/document'
import type { CanvasStore } from './canvas-store'
import type { EdgeModel } from './edge-models'
import type { CanvasModel } from './node-models'

/** What commands may ask of a canvas. */
export interface CanvasApi {
  fit(ids?: readonly string[]): void
  zoomIn(): void
  zoomOut(): void
  zoomTo(zoom: number): void
  /** Moves the view only when the node is out of sight, then puts the keyboard on it. */
  reveal(id: string): void
  toCanvas(screen: Point): Point
  /** The middle of what is in view, on the canvas and on the screen. */
  middle(): { at: Point; screen: Point }
  rename(node: string): void
}

/** Space kept free around the drawing when it is fitted: the controls above, the dock below. */
export interface Insets {
  top: number
  bottom: number
}

const quick = { duration: 160 }

export function canvasApiOf(
  flow: ReactFlowInstance<CanvasModel, EdgeModel>,
  store: CanvasStore,
  element: HTMLElement,
  insets: () => Insets,
): CanvasApi {
  const nodeElement = (id: string) =>
    element.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
  return {
    fit: (ids) => void flow.fitView({ ...fitOptions(insets()), ...quick, nodes: ids?.map((id) => ({ id })) }),
    zoomIn: () => void flow.zoomIn(quick),
    zoomOut: () => void flow.zoomOut(quick),
    zoomTo: (zoom) => void flow.zoomTo(zoom, quick),
    reveal: (id) => {
      const node = flow.getNode(id)
      if (!node) return
      const width = node.width ?? 0
      const height = node.height ?? 0
      const center = { x: node.position.x + width / 2, y: node.position.y + height / 2 }
      const screen = flow.flowToScreenPosition(center)
      const box = element.getBoundingClientRect()
      const { top, bottom } = insets()
      const inSight =
        screen.x > box.left + 80 &&
        screen.x < box.right - 80 &&
        screen.y > box.top + top &&
        screen.y < box.bottom - bottom
      if (inSight) return nodeElement(id)?.focus({ preventScroll: true })
      const lower = (bottom - top) / 2 / flow.getZoom()
      void flow
        .setCenter(center.x, center.y + lower, { ...quick, zoom: flow.getZoom() })
        .then(() => nodeElement(id)?.focus({ preventScroll: true }))
    },
    toCanvas: (screen) => flow.screenToFlowPosition(screen),
    middle: () => {
      const box = element.getBoundingClientRect()
      const screen = { x: box.left + box.width / 2, y: box.top + (box.height - insets().bottom) / 2 }
      return { at: flow.screenToFlowPosition(screen), screen }
    },
    rename: (node) => {
      const known = flow.getNode(node)
      if (known?.type === 'step') store.setState({ renaming: known.data.node.id })
    },
  }
}

export function fitOptions({ top, bottom }: Insets) {
  return {
    maxZoom: 1,
    minZoom: 0.1,
    padding: { top: `${top}px`, bottom: `${bottom}px`, left: '40px', right: '40px' },
  } as const
}
