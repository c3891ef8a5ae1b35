'use client'

import { ViewportPortal } from '@xyflow/react'
import { useCanvasView } from './canvas-store'

/** The lines that show what a dragged node aligns with. */
export function GuideLines() {
  const guides = useCanvasView((view) => view.guides)
  if (guides.length === 0) return null
  return (
    <ViewportPortal>
      {guides.map((guide) => (
        <div
          key={guide.axis}
          className="bg-accent pointer-events-none absolute"
          style={
            guide.axis === 'x'
              ? { left: guide.at, top: guide.from, width: 1, height: guide.to - guide.from }
              : { top: guide.at, left: guide.from, height: 1, width: guide.to - guide.from }
          }
        />
      ))}
    </ViewportPortal>
  )
}
