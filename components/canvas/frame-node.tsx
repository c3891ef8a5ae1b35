'use client'

import { NodeResizeControl, type NodeProps } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo } from 'react'
import { Button } from '@/components/ui/button'
import { partOf } from '@/components/ui/part'
import { classNames } from '@/components/ui/class-names'
import { Tile } from '@/components/ui/tile'
import type { FlowNode } from '@/flow/document'
import { KindIcon } from '@/nodes/views'
import { useCanvasEditing } from './canvas-editing'
import { useCanvasStore } from './canvas-store'
import { CollapseButton } from './collapse-button'
import { NodeLabel } from './node-label'
import type { FrameModel } from './node-models'
import { NodeName } from './node-name'
import { StatusBadge } from './status-badge'
import { Marks, PortLabels, Ports } from './step-parts'
import { StepUnder } from './step-under'
import { useNodeState } from './use-node-state'

const ItemPicker = partOf(async () => (await import('@/components/runs/item-picker')).ItemPicker)

/** An open container: its head as of any step, and the frame that its steps stand in. */
export function FrameNode({ data, selected }: NodeProps<FrameModel>) {
  return <Frame node={data.node} selected={selected} />
}

const Frame = memo(function Frame({ node, selected }: { node: FlowNode; selected: boolean }) {
  const { look, overlay, problems, stale, lowDetail, announcement, isFaded, border } = useNodeState(
    node,
    selected,
  )
  const editing = useCanvasEditing()
  return (
    <>
      <div
        className={classNames(
          'border-line-strong bg-surface/55 absolute inset-0 flex flex-col rounded-2xl border',
          border,
        )}
      >
        <NodeLabel node={node.id}>{announcement}</NodeLabel>
        <div
          className="frame-head border-line bg-surface pointer-events-auto relative shrink-0 rounded-t-2xl border-b"
          style={{ height: look.height }}
        >
          <div className="flex h-12.5 items-center gap-2.5 px-2.5">
            <Tile category={look.category} size="md" className={isFaded ? 'opacity-45 grayscale' : undefined}>
              <KindIcon kind={node.kind} />
            </Tile>
            <div className="min-w-0 flex-1">
              <NodeName
                node={node.id}
                name={look.name}
                className={classNames(
                  'truncate text-base leading-tight font-semibold',
                  isFaded && 'text-ink-faint font-medium',
                )}
              />
              <div className="text-ink-faint truncate text-xs">
                {node.disabled ? 'Disabled, skipped over' : look.summary}
              </div>
            </div>
            {!lowDetail && overlay?.counts && <ItemPicker node={node.id} />}
            {!lowDetail && <CollapseButton node={node} />}
          </div>
          {look.labelled && !lowDetail && <PortLabels look={look} />}
        </div>
        {editing && !lowDetail && (
          <Button
            variant="ghost"
            size="xs"
            className="nodrag nopan pointer-events-auto absolute bottom-2 left-2 font-normal"
            onClick={(event) => {
              event.stopPropagation()
              const { left, top } = event.currentTarget.getBoundingClientRect()
              editing.onAddInside(node.id, { x: left, y: top })
            }}
          >
            <Plus /> Add inside
          </Button>
        )}
      </div>
      {!lowDetail && <Ports look={look} />}
      {!lowDetail && <Marks node={node} problems={problems} stale={stale} />}
      {overlay && <StatusBadge overlay={overlay} />}
      {overlay && !lowDetail && <StepUnder node={node.id} overlay={overlay} />}
      {editing && selected && <ResizeCorner node={node.id} />}
    </>
  )
})

function ResizeCorner({ node }: { node: FlowNode['id'] }) {
  const editing = useCanvasEditing()
  const store = useCanvasStore()
  return (
    <NodeResizeControl
      position="bottom-right"
      className="frame-resize pointer-events-auto"
      onResize={(_, { width, height }) => store.setState({ resized: new Map([[node, { width, height }]]) })}
      onResizeEnd={(_, { width, height }) => {
        store.setState({ resized: new Map() })
        editing?.onFrameResize(node, { width: Math.round(width), height: Math.round(height) })
      }}
    />
  )
}
