import { lookOf } from '@/components/canvas/node-look'
import type { FlowNode, Point } from '@/flow/document'

export const alignments = ['left', 'center', 'right', 'top', 'middle', 'bottom'] as const
export type Alignment = (typeof alignments)[number]

/** Where nodes stand when lined up along their common box. */
export function aligned(nodes: readonly FlowNode[], by: Alignment): Record<string, Point> {
  const boxes = nodes.map(boxOf)
  const left = Math.min(...boxes.map((box) => box.x))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const top = Math.min(...boxes.map((box) => box.y))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  const place: Record<Alignment, (box: Box) => Point> = {
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
export function distributed(nodes: readonly FlowNode[], axis: 'x' | 'y'): Record<string, Point> {
  const length = axis === 'x' ? 'width' : 'height'
  const boxes = nodes.map(boxOf).sort((a, b) => a[axis] - b[axis])
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

interface Box extends Point {
  id: string
  width: number
  height: number
}

function boxOf(node: FlowNode): Box {
  const { width, height } = lookOf(node)
  return { id: node.id, ...node.position, width, height }
}
