import { layoutOf } from '@/components/canvas/layout'
import { noteSize } from '@/components/canvas/node-models'
import type { Box } from '@/components/canvas/snap'
import type { FlowDocument, FlowNote, Point } from '@/flow/document'

const gap = 24

/**
 * Where notes go when steps move to new places: each keeps its way from the step that it lay nearest to, and lies below
 * what would cover it. By note id.
 */
export function notesAside(
  document: FlowDocument,
  positions: Readonly<Record<string, Point>>,
): Record<string, Point> {
  const before = layoutOf(document)
  const after = layoutOf({
    ...document,
    nodes: document.nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position })),
  })
  const steps = document.nodes.flatMap((node) => {
    const from = before.boxOf(node.id)
    const to = after.boxOf(node.id)
    return from && to && node.parent === undefined ? [{ from, to }] : []
  })
  const taken = steps.map(({ to }) => to)
  const places: Record<string, Point> = {}
  for (const note of document.notes) {
    const box = boxOf(note)
    const nearest = steps.reduce<(typeof steps)[number] | null>(
      (best, step) => (!best || distance(step.from, box) < distance(best.from, box) ? step : best),
      null,
    )
    if (!nearest) continue
    const { from, to } = nearest
    const place = free({ ...box, x: box.x + to.x - from.x, y: box.y + to.y - from.y }, taken)
    taken.push(place)
    places[note.id] = { x: Math.round(place.x), y: Math.round(place.y) }
  }
  return places
}

function boxOf({ position, size }: FlowNote): Box {
  return { ...position, ...(size ?? noteSize) }
}

/** The box, moved down until it covers nothing; each of the others moves it once at most. */
function free(box: Box, others: readonly Box[]): Box {
  const inTheWay = [...others].sort((a, b) => a.y - b.y)
  return inTheWay.reduce(
    (at, other) => (overlaps(at, other) ? { ...at, y: other.y + other.height + gap } : at),
    box,
  )
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Between the edges of two boxes; 0 when they touch. */
function distance(a: Box, b: Box): number {
  const dx = Math.max(0, a.x - b.x - b.width, b.x - a.x - a.width)
  const dy = Math.max(0, a.y - b.y - b.height, b.y - a.y - a.height)
  return Math.hypot(dx, dy)
}
