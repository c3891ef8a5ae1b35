'use client'

import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { IconButton } from '@/components/ui/icon-button'
import type { FlowNode } from '@/flow/document'
import { useCanvasEditing } from './canvas-editing'

/** Folds a container into a plain step, or opens it. Only where the flow can be edited: it is part of the drawing. */
export function CollapseButton({ node }: { node: FlowNode }) {
  const editing = useCanvasEditing()
  if (!editing) return null
  return (
    <IconButton
      label={node.collapsed ? 'Show what is inside' : 'Fold'}
      size="xs"
      className="nodrag nopan text-ink-faint pointer-events-auto [&_svg]:size-3.5"
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation()
        editing.onCollapse(node.id, !node.collapsed)
      }}
    >
      {node.collapsed ? <ChevronsUpDown /> : <ChevronsDownUp />}
    </IconButton>
  )
}
