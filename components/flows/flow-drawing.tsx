import { useMemo } from 'react'
import { classNames } from '@/components/ui/class-names'
import type { Drawing } from '@/flow/drawing'

const node = { width: 212, height: 52 }
const margin = 24
/** A flow of one or two steps is not blown up beyond this many canvas pixels across. */
const least = { width: 900, height: 260 }

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
  const { box, lines } = useMemo(() => layOut(drawing), [drawing])
  return (
    <svg
      aria-hidden
      viewBox={box}
      preserveAspectRatio="xMidYMid meet"
      className={classNames('size-full', className)}
    >
      {lines.map((line, index) => (
        <path
          key={index}
          d={line}
          vectorEffect="non-scaling-stroke"
          className="stroke-line-strong fill-none stroke-[1.2]"
        />
      ))}
      {drawing.nodes.map(({ id, category, x, y }) => (
        <g key={id} transform={`translate(${x} ${y})`}>
          <rect
            width={node.width}
            height={node.height}
            rx={14}
            vectorEffect="non-scaling-stroke"
            className="fill-surface stroke-line-strong stroke-1"
          />
          <rect x={11} y={11} width={30} height={30} rx={9} className={fills[category]} opacity={0.85} />
          <rect x={54} y={21} width={110} height={10} rx={5} className="fill-line-strong" />
        </g>
      ))}
    </svg>
  )
}

function layOut({ nodes, edges }: Drawing) {
  const from = {
    x: nodes.reduce((least, { x }) => Math.min(least, x), nodes[0]?.x ?? 0),
    y: nodes.reduce((least, { y }) => Math.min(least, y), nodes[0]?.y ?? 0),
  }
  const to = {
    x: Math.max(from.x, ...nodes.map(({ x }) => x + node.width)),
    y: Math.max(from.y, ...nodes.map(({ y }) => y + node.height)),
  }
  const width = Math.max(to.x - from.x, least.width)
  const height = Math.max(to.y - from.y, least.height)
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
  const box = [
    middle.x - width / 2 - margin,
    middle.y - height / 2 - margin,
    width + 2 * margin,
    height + 2 * margin,
  ].join(' ')
  const places = new Map(nodes.map((each) => [each.id, each]))
  const lines = edges.flatMap((edge) => {
    const a = places.get(edge.from)
    const b = places.get(edge.to)
    return a && b ? [curve(a, b)] : []
  })
  return { box, lines }
}

/** From the right side of one node to the left side of another. */
function curve(a: { x: number; y: number }, b: { x: number; y: number }): string {
  const x1 = a.x + node.width
  const y1 = a.y + node.height / 2
  const x2 = b.x
  const y2 = b.y + node.height / 2
  const bend = Math.max(30, Math.abs(x2 - x1) / 2)
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
