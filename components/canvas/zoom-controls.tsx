'use client'

import { Panel, useReactFlow, useStore } from '@xyflow/react'
import { Minus, Plus } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'

/** Top right: Tidy (when the canvas can be edited), zoom out, the zoom (click: 100 %), zoom in. */
export function ZoomControls({ onTidy }: { onTidy?: () => void }) {
  const flow = useReactFlow()
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  const quick = { duration: 120 }
  return (
    <Panel position="top-right" className="flex gap-1.5">
      {onTidy && (
        <Button size="sm" onClick={onTidy}>
          Tidy
        </Button>
      )}
      <IconButton variant="outline" label="Zoom out" keys="-" onClick={() => flow.zoomOut(quick)}>
        <Minus />
      </IconButton>
      <Button
        size="sm"
        className="w-14 px-0"
        aria-label={`Zoom ${percent} %, set to 100 %`}
        onClick={() => flow.zoomTo(1, quick)}
      >
        {percent}%
      </Button>
      <IconButton variant="outline" label="Zoom in" keys="+" onClick={() => flow.zoomIn(quick)}>
        <Plus />
      </IconButton>
    </Panel>
  )
}
