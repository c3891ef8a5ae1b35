'use client'

import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { classNames } from '@/components/ui/class-names'
import { Tile } from '@/components/ui/tile'
import type { FlowNode } from '@/flow/document'
import { KindIcon } from '@/nodes/views'
import { CollapseButton } from './collapse-button'
import type { StepModel } from './node-models'
import { NodeLabel } from './node-label'
import { NodeName } from './node-name'
import { StatusBadge } from './status-badge'
import { Marks, PortLabels, Ports } from './step-parts'
import { StepUnder } from './step-under'
import { useNodeState } from './use-node-state'

/** React Flow hands new positions here on every drag frame; the card below sees only what it draws. */
export function StepNode({ data, selected }: NodeProps<StepModel>) {
  return <StepCard node={data.node} selected={selected} />
}

const StepCard = memo(function StepCard({ node, selected }: { node: FlowNode; selected: boolean }) {
  const { look, overlay, problems, stale, lowDetail, announcement, isFaded, border } = useNodeState(
    node,
    selected,
  )
  return (
    <>
      <div
        className={classNames(
          'border-line-strong bg-surface absolute inset-0 rounded-xl border',
          // A thousand blurred shadows, each finer than a pixel from afar, are half of what drawing them costs.
          !lowDetail && 'shadow-soft',
          // A stack: more is inside.
          look.definition?.container && 'outline-line-strong outline-1 outline-offset-3',
          border,
        )}
      >
        <NodeLabel node={node.id}>{announcement}</NodeLabel>
        <div className="flex h-12.5 items-center gap-2.5 px-2.5">
          <Tile
            category={look.category}
            size="md"
            className={classNames(
              isFaded && 'opacity-45 grayscale',
              // From afar the colour is all that can be read.
              lowDetail && 'absolute inset-0 size-auto rounded-xl bg-current/25 [&_svg]:size-8',
            )}
          >
            <KindIcon kind={node.kind} />
          </Tile>
          {!lowDetail && (
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
          )}
          {look.definition?.container && !lowDetail && <CollapseButton node={node} />}
        </div>
        {look.labelled && !lowDetail && <PortLabels look={look} />}
      </div>
      {!lowDetail && <Ports look={look} />}
      {!lowDetail && <Marks node={node} problems={problems} stale={stale} />}
      {overlay && <StatusBadge overlay={overlay} />}
      {overlay && !lowDetail && <StepUnder node={node.id} overlay={overlay} />}
    </>
  )
})
