import { layoutOf } from '@/components/canvas/layout'
import type { Box } from '@/components/canvas/snap'
import type { FlowDocument, FlowNode, Point } from '@/flow/document'

export const alignments = ['left', 'center', 'right', 'top', 'middle', 'bottom'] as const
export type Alignment = (typeof alignments)[number]

/** Where nodes stand when lined up along their common box. */
export function aligned(boxes: readonly NodeBox[], by: Alignment): Record<string, Point> {
  const left = Math.min(...boxes.map((box) => box.x))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const top = Math.min(...boxes.map((box) => box.y))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  const place: Record<Alignment, (box: NodeBox) => Point> = {
    left: ({ y }) => ({ x: left, y }),
    center: ({ y, width }) => ({ x: Math.round((left + right - width) / 2), y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    middle: ({ x, height }) => ({ x, y: Math.round((top + bottom - height) / 2) }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
  }
  return Object.fromEntries(boxes.map((box) => [box.id, place[by](box)]))
}

/** Where nodes stand when the gaps between neighbours along an axis are equal; the outermost stay. */
export function distributed(nodes: readonly NodeBox[], axis: 'x' | 'y'): Record<string, Point> {
  const length = axis === 'x' ? 'width' : 'height'
  const boxes = [...nodes].sort((a, b) => a[axis] - b[axis])
  const first = boxes[0]
  const last = boxes.at(-1)
  if (!first || !last || boxes.length < 3) return {}
  const room = last[axis] + last[length] - first[axis]
  const gap = (room - boxes.reduce((sum, box) => sum + box[length], 0)) / (boxes.length - 1)
  let at = first[axis]
  const places: [string, Point][] = boxes.map((box) => {
    const place = { x: box.x, y: box.y, [axis]: Math.round(at) }
    at += box[length] + gap
    return [box.id, place]
  })
  return Object.fromEntries(places)
}

/** The boxes in which nodes are drawn; of containers that are open, their frames. */
export function boxesOf(document: FlowDocument, nodes: readonly FlowNode[]): NodeBox[] {
  const layout = layoutOf(document)
  return nodes.flatMap(({ id }) => {
    const box = layout.boxOf(id)
    return box ? [{ id, ...box }] : []
  })
}

/** Turns wanted corners of boxes into places of their nodes: a frame may begin before the place of its node. */
export function toPlaces(document: FlowDocument, corners: Record<string, Point>): Record<string, Point> {
  const layout = layoutOf(document)
  const places = document.nodes.flatMap(({ id, position }): [string, Point][] => {
    const box = layout.boxOf(id)
    const corner = corners[id]
    return box && corner ? [[id, { x: corner.x + position.x - box.x, y: corner.y + position.y - box.y }]] : []
  })
  return Object.fromEntries(places)
}

interface NodeBox extends Box {
  id: string
}
