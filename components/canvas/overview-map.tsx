'use client'

import { MiniMap } from '@xyflow/react'
import { lookOf } from './node-look'
import type { CanvasModel } from './node-models'

const color = (model: CanvasModel) =>
  model.type === 'note'
    ? 'var(--color-line)'
    : `color-mix(in srgb, var(--color-category-${lookOf(model.data.node).category}) ${model.type === 'frame' ? 25 : 100}%, transparent)`

/** The whole flow, small; drag to move the view. `bottom`: how far it stands above the foot of the canvas, in pixels. */
export function OverviewMap({ bottom }: { bottom: number }) {
  return (
    <MiniMap<CanvasModel>
      pannable
      zoomable
      ariaLabel="Overview map"
      position="bottom-right"
      nodeColor={color}
      nodeStrokeWidth={0}
      nodeBorderRadius={12}
      maskColor="color-mix(in srgb, var(--color-canvas) 70%, transparent)"
      className="overview-map"
      style={{ width: 168, height: 108, marginBottom: bottom }}
    />
  )
}
