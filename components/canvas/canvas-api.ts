import type { ReactFlowInstance } from '@xyflow/react'
import type { Point } from '@/flow/document'
import type { CanvasStore } from './canvas-store'
import type { EdgeModel } from './edge-models'
import { headHeight, nodeWidth } from './node-look'
import type { CanvasModel } from './node-models'
import { around, type Box } from './snap'

/** What commands may ask of a canvas. */
export interface CanvasApi {
  /** All of the drawing, or these canvas ids, in the part of the view that nothing covers. */
  fit(ids?: readonly string[]): void
  /** How a flow is first shown: all of it, but never too small to read; a long one from its beginning. */
  open(): void
  zoomIn(): void
  zoomOut(): void
  zoomTo(zoom: number): void
  /** Moves the view only when the node is out of sight. */
  look(id: string): void
  /** The same, then puts the keyboard on it. */
  reveal(id: string): void
  toCanvas(screen: Point): Point
  toScreen(at: Point): Point
  /** The middle of what is in view, on the canvas and on the screen. */
  middle(): { at: Point; screen: Point }
  rename(node: string): void
  /** Opens a note for typing. */
  write(note: string): void
  /** Moves nodes to new places in front of the eyes; the owner stores the places when it is done. */
  glide(positions: Record<string, Point>): Promise<void>
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
  async function bringIntoSight(id: string): Promise<void> {
    const [drawn] = boxesOf(flow, [id])
    if (!drawn) return
    // Of a frame its head.
    const { width, height } = { width: nodeWidth, height: headHeight }
    const center = {
      x: drawn.x + Math.min(drawn.width, width) / 2,
      y: drawn.y + Math.min(drawn.height, height) / 2,
    }
    const screen = flow.flowToScreenPosition(center)
    const box = element.getBoundingClientRect()
    const { top, bottom } = insets()
    const margin = 80
    const isInSight =
      screen.x > box.left + margin &&
      screen.x < box.right - margin &&
      screen.y > box.top + top &&
      screen.y < box.bottom - bottom
    if (isInSight) return
    const lower = (bottom - top) / 2 / flow.getZoom()
    await flow.setCenter(center.x, center.y + lower, { ...quick, zoom: flow.getZoom() })
  }
  return {
    fit: (ids) => {
      const box = boxAround(flow, ids)
      if (box) void flow.setViewport(viewportFor(box, element, insets(), leastZoom), quick)
    },
    open: () => {
      const box = boxAround(flow)
      if (box) void flow.setViewport(viewportFor(box, element, insets(), leastReadableZoom))
    },
    zoomIn: () => void flow.zoomIn(quick),
    zoomOut: () => void flow.zoomOut(quick),
    zoomTo: (zoom) => void flow.zoomTo(zoom, quick),
    look: (id) => void bringIntoSight(id),
    reveal: (id) => void bringIntoSight(id).then(() => nodeElement(id)?.focus({ preventScroll: true })),
    toCanvas: (screen) => flow.screenToFlowPosition(screen),
    toScreen: (at) => flow.flowToScreenPosition(at),
    middle: () => {
      const box = element.getBoundingClientRect()
      const screen = { x: box.left + box.width / 2, y: box.top + (box.height - insets().bottom) / 2 }
      return { at: flow.screenToFlowPosition(screen), screen }
    },
    rename: (node) => {
      const known = flow.getNode(node)
      if (known && known.type !== 'note') store.setState({ renaming: known.data.node.id })
    },
    write: (note) => store.setState({ writing: note }),
    glide: (positions) => glide(flow, store, positions),
  }
}

const glideMs = 180
/** Above this many nodes a frame costs too much to be smooth. */
const glideAtMost = 300

function glide(
  flow: ReactFlowInstance<CanvasModel, EdgeModel>,
  store: CanvasStore,
  positions: Record<string, Point>,
): Promise<void> {
  const from = new Map(
    flow.getNodes().map(({ id, data }) => [id, 'node' in data ? data.node.position : data.note.position]),
  )
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  if (still || from.size > glideAtMost) return Promise.resolve()
  return new Promise((resolve) => {
    let start: number | null = null
    const frame = (time: number) => {
      start ??= time
      const t = Math.min(1, (time - start) / glideMs)
      const eased = 1 - (1 - t) ** 3
      const dragged = new Map<string, Point>()
      for (const [id, to] of Object.entries(positions)) {
        const at = from.get(id) ?? to
        dragged.set(id, { x: at.x + (to.x - at.x) * eased, y: at.y + (to.y - at.y) * eased })
      }
      if (t < 1) {
        store.setState({ dragged })
        requestAnimationFrame(frame)
      } else {
        store.setState({ dragged: new Map() })
        resolve()
      }
    }
    requestAnimationFrame(frame)
  })
}

const sideMargin = 40
const leastZoom = 0.1
const leastReadableZoom = 0.65

function boxAround(flow: ReactFlowInstance<CanvasModel, EdgeModel>, ids?: readonly string[]): Box | null {
  const boxes = boxesOf(flow, ids)
  return boxes.length === 0 ? null : around(boxes)
}

/** In canvas coordinates: the places of models inside frames are relative. */
function boxesOf(flow: ReactFlowInstance<CanvasModel, EdgeModel>, ids?: readonly string[]): Box[] {
  return flow
    .getNodes()
    .filter((node) => !ids || ids.includes(node.id))
    .map(({ id, position, width = 0, height = 0 }) => {
      const at = flow.getInternalNode(id)?.internals.positionAbsolute ?? position
      return { ...at, width, height }
    })
}

/** A box in the middle of the free part of an element, never magnified; from its left and top where it does not fit. */
function viewportFor(box: Box, element: HTMLElement, { top, bottom }: Insets, atLeast: number) {
  const width = Math.max(1, element.clientWidth - 2 * sideMargin)
  const height = Math.max(1, element.clientHeight - top - bottom)
  const zoom = Math.max(atLeast, Math.min(1, width / box.width, height / box.height))
  const spareX = Math.max(0, width - box.width * zoom)
  const spareY = Math.max(0, height - box.height * zoom)
  return {
    x: sideMargin + spareX / 2 - box.x * zoom,
    y: top + spareY / 2 - box.y * zoom,
    zoom,
  }
}
