import { edgeKey, type EdgeKey, type FlowDocument, type Point } from '@/flow/document'
import { inputPoint, layoutOf, portPoint } from './layout'

/** The edge's curve: leaves to the right, enters from the left. Cubic Bézier from `from` to `to`. */
export interface Curve {
  from: Point
  to: Point
  fromControl: Point
  toControl: Point
}

export function curveBetween(from: Point, to: Point): Curve {
  const ahead = to.x - from.x
  const reach = ahead >= 0 ? Math.max(24, ahead / 2) : 24 + Math.min(160, Math.sqrt(-ahead) * 9)
  return {
    from,
    to,
    fromControl: { x: from.x + reach, y: from.y },
    toControl: { x: to.x - reach, y: to.y },
  }
}

export function pathOf({ from, to, fromControl, toControl }: Curve): string {
  return `M${from.x},${from.y} C${fromControl.x},${fromControl.y} ${toControl.x},${toControl.y} ${to.x},${to.y}`
}

/** The point at `t` from 0 to 1 along a curve. */
export function pointAlong(curve: Curve, t: number): Point {
  const s = 1 - t
  const weigh = (a: number, b: number, c: number, d: number) =>
    s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
  return {
    x: weigh(curve.from.x, curve.fromControl.x, curve.toControl.x, curve.to.x),
    y: weigh(curve.from.y, curve.fromControl.y, curve.toControl.y, curve.to.y),
  }
}

/** How far above and below a port its step may still lie, in canvas pixels. */
const besidePort = 40

/** Whether something so wide fits on the middle of a curve without lying on the step at either end. */
export function hasRoomFor(widthPx: number, curve: Curve): boolean {
  const { x, y } = pointAlong(curve, 0.5)
  const { from, to } = curve
  const isOnFirst = x - widthPx / 2 < from.x && Math.abs(y - from.y) < besidePort
  const isOnLast = x + widthPx / 2 > to.x && Math.abs(y - to.y) < besidePort
  return !isOnFirst && !isOnLast
}

/** The edge that passes within `reach` of a point, nearest first; null when none does. */
export function edgeNear(
  document: FlowDocument,
  point: Point,
  reach: number,
  except?: string,
): EdgeKey | null {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]))
  const layout = layoutOf(document)
  let best: { key: EdgeKey; distance: number } | null = null
  for (const edge of document.edges) {
    if (edge.from === except || edge.to === except) continue
    const from = nodes.get(edge.from)
    const to = nodes.get(edge.to)
    const start = from && layout.behind(from.id) === null && portPoint(layout, from, edge.port)
    if (!start || !to) continue
    const end = inputPoint(layout, to)
    const curve = curveBetween(start, end)
    if (outside(curve, point, reach)) continue
    for (let step = 1; step < 24; step++) {
      const at = pointAlong(curve, step / 24)
      const distance = Math.hypot(at.x - point.x, at.y - point.y)
      if (distance <= reach && (!best || distance < best.distance)) best = { key: edgeKey(edge), distance }
    }
  }
  return best?.key ?? null
}

function outside({ from, to, fromControl, toControl }: Curve, point: Point, reach: number): boolean {
  const xs = [from.x, to.x, fromControl.x, toControl.x]
  const ys = [from.y, to.y]
  return (
    point.x < Math.min(...xs) - reach ||
    point.x > Math.max(...xs) + reach ||
    point.y < Math.min(...ys) - reach ||
    point.y > Math.max(...ys) + reach
  )
}
