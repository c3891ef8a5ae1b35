import type { Point } from '@/flow/document'

export interface Box extends Point {
  width: number
  height: number
}

/** A line drawn while dragging: where edges or centres align. */
export interface Guide {
  axis: 'x' | 'y'
  /** Where it stands on that axis. */
  at: number
  /** Its extent along the other axis. */
  from: number
  to: number
}

interface Hit {
  delta: number
  at: number
  box: Box
}

/**
 * Where a dragged box wants to stand: moved by at most `reach` so that a side or centre lines up with that of another
 * box, with the lines to draw. The nearest match on each axis wins.
 */
export function snap(
  box: Box,
  others: readonly Box[],
  reach: number,
): { offset: Point; guides: readonly Guide[] } {
  const x = nearest(box, others, reach, (each) => [each.x, each.x + each.width / 2, each.x + each.width])
  const y = nearest(box, others, reach, (each) => [each.y, each.y + each.height / 2, each.y + each.height])
  const offset = { x: x?.delta ?? 0, y: y?.delta ?? 0 }
  const moved = { ...box, x: box.x + offset.x, y: box.y + offset.y }
  const guides: Guide[] = []
  if (x) guides.push({ axis: 'x', at: x.at, ...extent(moved, x.box, 'y', 'height') })
  if (y) guides.push({ axis: 'y', at: y.at, ...extent(moved, y.box, 'x', 'width') })
  return { offset, guides }
}

function nearest(
  box: Box,
  others: readonly Box[],
  reach: number,
  lines: (box: Box) => [number, number, number],
): Hit | null {
  let best: Hit | null = null
  const own = lines(box)
  for (const other of others) {
    const theirs = lines(other)
    for (let index = 0; index < 3; index++) {
      const delta = (theirs[index] ?? 0) - (own[index] ?? 0)
      if (Math.abs(delta) > reach) continue
      const closer =
        !best ||
        Math.abs(delta) < Math.abs(best.delta) ||
        (delta === best.delta && distance(box, other) < distance(box, best.box))
      if (closer) best = { delta, at: theirs[index] ?? 0, box: other }
    }
  }
  return best
}

function distance(a: Box, b: Box): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function extent(a: Box, b: Box, start: 'x' | 'y', length: 'width' | 'height') {
  const margin = 12
  return {
    from: Math.min(a[start], b[start]) - margin,
    to: Math.max(a[start] + a[length], b[start] + b[length]) + margin,
  }
}

/** The smallest box around boxes. */
export function around(all: readonly Box[]): Box {
  const x = Math.min(...all.map((box) => box.x))
  const y = Math.min(...all.map((box) => box.y))
  const right = Math.max(...all.map((box) => box.x + box.width))
  const bottom = Math.max(...all.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}
