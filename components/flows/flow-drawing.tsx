import { useMemo } from 'react'
import { classNames } from '@/components/ui/class-names'
import type { Drawing } from '@/flow/drawing'

/** The picture's own units: it scales to whatever holds it. */
const size = { width: 320, height: 112 }
/** Of a node on the canvas, in canvas pixels. */
const nodeWidth = 212
const widest = 56
const narrowest = 16
const framePadding = 3
/** Nodes from this width on show a line for their name. */
const namedFrom = 34

const fills: Record<Drawing['nodes'][number]['category'], string> = {
  trigger: 'fill-category-trigger',
  agent: 'fill-category-agent',
  logic: 'fill-category-logic',
  people: 'fill-category-people',
  action: 'fill-category-action',
  data: 'fill-category-data',
  time: 'fill-category-time',
  unknown: 'fill-ink-faint',
}

/** A flow as a small picture: its steps in the colours of their categories, and the lines between them. */
export function FlowDrawing({ drawing, className }: { drawing: Drawing; className?: string }) {
  const { width, height, places, frames, lines } = useMemo(() => layOut(drawing), [drawing])
  const tile = height - 5
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${size.width} ${size.height}`}
      className={classNames('size-full', className)}
    >
      {frames.map(({ id, ...frame }) => (
        <rect
          key={id}
          {...frame}
          rx={4}
          className="fill-surface-raised stroke-line-strong stroke-[0.8] [stroke-dasharray:2.5_1.5]"
        />
      ))}
      {lines.map((line, index) => (
        <path key={index} d={line} className="stroke-line-strong fill-none stroke-[0.8]" />
      ))}
      {places.map(({ id, category, x, y }) => (
        <g key={id} transform={`translate(${x} ${y})`}>
          <rect
            width={width}
            height={height}
            rx={3.5}
            className="fill-surface stroke-line-strong stroke-[0.8]"
          />
          <rect
            x={2.5}
            y={2.5}
            width={tile}
            height={tile}
            rx={2}
            className={fills[category]}
            opacity={0.85}
          />
          {width >= namedFrom && (
            <rect
              x={tile + 6}
              y={height / 2 - 1.25}
              width={width - tile - 12}
              height={2.5}
              rx={1.25}
              className="fill-line-strong"
            />
          )}
        </g>
      ))}
    </svg>
  )
}

/** Fits the flow into the picture. Of a long flow the nodes shrink less than the gaps, and the height is stretched. */
function layOut({ nodes, edges }: Drawing) {
  const margin = nodes.some((node) => node.parent !== undefined) ? 2 * framePadding + 2 : 2
  const x = spanOf(nodes.map((node) => node.x))
  const y = spanOf(nodes.map((node) => node.y))
  const scale = Math.min(widest / nodeWidth, (size.width - margin) / (x.length + nodeWidth))
  const width = Math.max(nodeWidth * scale, narrowest)
  const height = Math.min(Math.max(width * 0.36, 9.5), 16)
  const scaleX = Math.min(scale, (size.width - margin - width) / Math.max(x.length, 1))
  const scaleY = Math.min(scaleX * 2, (size.height - margin - height) / Math.max(y.length, 1))
  const left = (size.width - x.length * scaleX - width) / 2
  const top = (size.height - y.length * scaleY - height) / 2
  const places = nodes.map((node) => ({
    ...node,
    x: left + (node.x - x.from) * scaleX,
    y: top + (node.y - y.from) * scaleY,
  }))
  const byId = new Map(places.map((place) => [place.id, place]))
  const frames = framesAround(places, { width, height })
  const rightOf = new Map(frames.map((frame) => [frame.id, frame.x + frame.width]))
  const lines = edges.flatMap((edge) => {
    const from = byId.get(edge.from)
    const to = byId.get(edge.to)
    if (!from || !to) return []
    const start = { x: rightOf.get(from.id) ?? from.x + width, y: from.y + height / 2 }
    const end = { x: to.x, y: to.y + height / 2 }
    const bend = Math.max(6, Math.abs(end.x - start.x) / 2)
    return [`M${start.x} ${start.y} C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`]
  })
  return { width, height, places, frames, lines }
}

type Place = Drawing['nodes'][number]
interface Frame {
  id: string
  x: number
  y: number
  width: number
  height: number
}

/** Around each container that something stands in, with its own head; outer ones first, so that inner ones lie on them. */
function framesAround(places: readonly Place[], node: { width: number; height: number }): Frame[] {
  const insides = new Map<string, Place[]>()
  for (const place of places) {
    if (place.parent === undefined) continue
    insides.set(place.parent, [...(insides.get(place.parent) ?? []), place])
  }
  const frameOf = (place: Place, outer: ReadonlySet<string>): Frame[] => {
    const inside = insides.get(place.id)
    if (!inside || outer.has(place.id)) return []
    const around = new Set(outer).add(place.id)
    const inner = inside.flatMap((each) => frameOf(each, around))
    const held = [place, ...inside].map(({ x, y }) => ({ x, y, ...node }))
    const boxes = [...held, ...inner]
    const x = Math.min(...boxes.map((box) => box.x)) - framePadding
    const y = Math.min(...boxes.map((box) => box.y)) - framePadding
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + framePadding
    const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + framePadding
    return [{ id: place.id, x, y, width: right - x, height: bottom - y }, ...inner]
  }
  return places.filter((place) => place.parent === undefined).flatMap((place) => frameOf(place, new Set()))
}

function spanOf(values: readonly number[]): { from: number; length: number } {
  const first = values[0] ?? 0
  const from = values.reduce((least, value) => Math.min(least, value), first)
  const to = values.reduce((most, value) => Math.max(most, value), first)
  return { from, length: to - from }
}
