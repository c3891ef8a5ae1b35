'use client'

import type { ConnectionLineComponentProps } from '@xyflow/react'
import { useCanvasView } from './canvas-store'
import { curveBetween, pathOf } from './edge-path'
import type { CanvasModel } from './node-models'

/** The line under the pointer while wiring; over a step that can't take it, it says why. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromHandle,
}: ConnectionLineComponentProps<CanvasModel>) {
  const problem = useCanvasView((view) => view.wiringTarget?.problem ?? null)
  const isBackwards = fromHandle.type === 'target'
  const [start, end] = [
    { x: fromX, y: fromY },
    { x: toX, y: toY },
  ]
  const curve = isBackwards ? curveBetween(end, start) : curveBetween(start, end)
  return (
    <g>
      <path
        d={pathOf(curve)}
        className={problem ? 'stroke-status-failed fill-none stroke-2' : 'stroke-accent fill-none stroke-2'}
      />
      <circle cx={toX} cy={toY} r={4} className={problem ? 'fill-status-failed' : 'fill-accent'} />
      {problem && (
        <foreignObject x={toX + 12} y={toY + 8} width={260} height={60} className="overflow-visible">
          <p className="bg-ink text-surface shadow-pop inline-block rounded-sm px-2 py-1 text-xs font-medium">
            {problem}
          </p>
        </foreignObject>
      )}
    </g>
  )
}
