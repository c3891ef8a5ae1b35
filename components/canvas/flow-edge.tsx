'use client'

import { type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { useEdgeOverlay } from '@/components/runs/run-store'
import { classNames } from '@/components/ui/class-names'
import type { EdgeKey } from '@/flow/document'
import { useCanvasEditing } from './canvas-editing'
import { useCanvasView } from './canvas-store'
import { curveBetween, hasRoomFor, pathOf, pointAlong } from './edge-path'
import type { EdgeModel } from './edge-models'

/** A line between two steps: its curve, the port's word, how often a run went over it, `+` to insert a step. */
export const FlowEdge = memo(function FlowEdge({
  data,
  selected,
  sourceX,
  sourceY,
  targetX,
  targetY,
  interactionWidth,
}: EdgeProps<EdgeModel>) {
  const key: EdgeKey = data?.key ?? ':>'
  const overlay = useEdgeOverlay(key)
  const isSplice = useCanvasView((view) => view.spliceEdge === key)
  const isHovered = useCanvasView((view) => view.hoveredEdge === key)
  const lowDetail = useCanvasView((view) => view.lowDetail)
  if (!data) return null
  const curve = curveBetween({ x: sourceX, y: sourceY }, { x: targetX, y: targetY })
  const path = pathOf(curve)
  const isTaken = overlay !== null && overlay.taken > 0
  const count = isTaken && overlay.taken > 1 ? `×${overlay.taken}` : ''
  const full = [data.label, count].filter(Boolean).join(' ')
  // Between steps that stand close the port's own row says the word.
  const words = hasRoomFor(labelWidth(full), curve) ? full : count
  return (
    <>
      <path
        d={path}
        className={classNames(
          'react-flow__edge-path stroke-line-strong fill-none',
          isTaken && 'stroke-status-completed',
          overlay?.active && 'animate-dash stroke-status-running [stroke-dasharray:5_5]',
          overlay?.dead && 'opacity-70 [stroke-dasharray:2_5]',
          data.edge.port === 'error' && !overlay && 'stroke-status-failed/60',
          isHovered && !overlay && 'stroke-ink-faint',
          (selected || isSplice) && 'stroke-accent',
          isSplice ? 'stroke-[3]' : 'stroke-[1.6]',
        )}
      />
      <path
        d={path}
        className="react-flow__edge-interaction fill-none stroke-transparent"
        strokeWidth={interactionWidth}
      />
      {words && !lowDetail && (
        <EdgeLabel at={pointAlong(curve, 0.5)} words={words} isFaded={overlay?.dead ?? false} />
      )}
      {isHovered && !lowDetail && <InsertButton edge={key} at={pointAlong(curve, words ? 0.75 : 0.5)} />}
    </>
  )
})

/** In canvas pixels. */
function labelWidth(words: string): number {
  return words.length * 6.1 + 16
}

function EdgeLabel({
  at,
  words,
  isFaded,
}: {
  at: { x: number; y: number }
  words: string
  isFaded: boolean
}) {
  // SVG text, not HTML: an HTML label per edge costs a portal each, and 1,000 of them are felt.
  const width = labelWidth(words)
  return (
    <g className="pointer-events-none">
      <rect
        x={at.x - width / 2}
        y={at.y - 9}
        width={width}
        height={18}
        rx={9}
        className="fill-surface stroke-line"
      />
      <text
        x={at.x}
        y={at.y}
        textAnchor="middle"
        dominantBaseline="central"
        className={classNames('fill-ink-muted text-[11px] font-medium', isFaded && 'fill-ink-faint')}
      >
        {words}
      </text>
    </g>
  )
}

function InsertButton({ edge, at }: { edge: EdgeKey; at: { x: number; y: number } }) {
  const editing = useCanvasEditing()
  if (!editing) return null
  return (
    <g
      role="button"
      aria-label="Insert a step here"
      className="nopan cursor-pointer"
      onClick={(event) => {
        event.stopPropagation()
        editing.onInsert(edge, at, { x: event.clientX, y: event.clientY })
      }}
    >
      <circle cx={at.x} cy={at.y} r={10} className="fill-surface stroke-accent" />
      <path
        d={`M${at.x - 4},${at.y}h8M${at.x},${at.y - 4}v8`}
        className="stroke-accent fill-none stroke-[1.6]"
      />
    </g>
  )
}
