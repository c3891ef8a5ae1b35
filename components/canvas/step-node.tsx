'use client'

import { Handle, Position, type NodeProps } from '@xyflow/react'
import { CircleSlash, Pin, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { useNodeOverlay } from '@/components/runs/run-store'
import { classNames } from '@/components/ui/class-names'
import { Tile } from '@/components/ui/tile'
import type { FlowNode } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { KindIcon } from '@/nodes/views'
import { useCanvasEditing } from './canvas-editing'
import { useCanvasView } from './canvas-store'
import { lookOf, portCenter, type NodeLook } from './node-look'
import { labelId, type StepModel } from './node-models'
import { NodeName } from './node-name'
import { StatusBadge } from './status-badge'
import { statusLooks } from './status-look'
import { StepUnder } from './step-under'

/** React Flow hands new positions here on every drag frame; the card below sees only what it draws. */
export function StepNode({ data, selected }: NodeProps<StepModel>) {
  return <StepCard node={data.node} selected={selected} />
}

const StepCard = memo(function StepCard({ node, selected }: { node: FlowNode; selected: boolean }) {
  const look = lookOf(node)
  const overlay = useNodeOverlay(node.id)
  const problems = useCanvasView((view) => view.problems.get(node.id))
  const lowDetail = useCanvasView((view) => view.lowDetail)
  const target = useCanvasView((view) => targetState(view.wiringTarget, view.wiring?.node, node.id))
  const status = overlay ? statusLooks[overlay.status] : null
  const faded = overlay?.status === 'skipped' || node.disabled
  const announcement = [
    look.name,
    look.title,
    node.disabled ? 'disabled' : null,
    status?.word,
    problems ? `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}` : null,
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <>
      <div
        className={classNames(
          'border-line-strong bg-surface shadow-soft absolute inset-0 rounded-xl border',
          status?.card,
          node.disabled && 'border-dashed',
          selected && 'border-accent ring-accent/22 border-solid ring-3',
          target === 'good' && 'border-accent ring-accent/35 border-solid ring-3',
          target === 'bad' && 'border-status-failed ring-status-failed/25 border-solid ring-3',
        )}
      >
        <span id={labelId(node.id)} className="sr-only">
          {announcement}
        </span>
        <div className="flex h-12.5 items-center gap-2.5 px-2.5">
          <Tile
            category={look.category}
            size="md"
            className={classNames(
              faded && 'opacity-45 grayscale',
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
                  faded && 'text-ink-faint font-medium',
                )}
              />
              <div className="text-ink-faint truncate text-xs">
                {node.disabled ? 'Disabled, skipped over' : look.summary}
              </div>
            </div>
          )}
        </div>
        {look.labelled && !lowDetail && <PortLabels look={look} />}
      </div>
      {!lowDetail && <Ports look={look} />}
      {!lowDetail && <Marks node={node} problems={problems} />}
      {overlay && <StatusBadge overlay={overlay} />}
      {overlay && !lowDetail && <StepUnder node={node.id} overlay={overlay} />}
    </>
  )
})

function targetState(
  target: { node: string; problem: string | null } | null,
  from: string | undefined,
  node: string,
): 'good' | 'bad' | null {
  if (!target || target.node !== node || from === node) return null
  return target.problem ? 'bad' : 'good'
}

function PortLabels({ look }: { look: NodeLook }) {
  return (
    <ul className="border-line border-t" aria-hidden>
      {look.ports.map((port, index) => (
        <li
          key={port.name}
          style={{ top: portCenter(look, index) - 1 }}
          className={classNames(
            'text-ink-muted absolute right-3 max-w-44 -translate-y-1/2 truncate text-xs font-medium',
            port.name === 'error' && 'text-status-failed',
          )}
        >
          {port.label}
        </li>
      ))}
    </ul>
  )
}

function Ports({ look }: { look: NodeLook }) {
  const isConnectable = useCanvasEditing() !== null
  return (
    <>
      {look.hasInput && (
        <Handle
          type="target"
          id="in"
          position={Position.Left}
          isConnectable={isConnectable}
          className="port port-in"
        />
      )}
      {look.ports.map((port, index) => (
        <Handle
          key={port.name}
          type="source"
          id={port.name}
          position={Position.Right}
          isConnectable={isConnectable}
          style={{ top: portCenter(look, index) }}
          className={port.name === 'error' ? 'port port-error' : 'port'}
          title={port.label}
        />
      ))}
    </>
  )
}

/** Small marks on the lower border: what is wrong with the step, whether its output is pinned. */
function Marks({ node, problems }: { node: FlowNode; problems: readonly Problem[] | undefined }) {
  const isPinned = node.sample !== undefined && node.sample !== null
  if (!problems && !isPinned && !node.disabled) return null
  const hasError = problems?.some((problem) => problem.severity === 'error')
  return (
    <span aria-hidden className="absolute -bottom-2 left-2.5 flex gap-1 [&_svg]:size-2.5">
      {problems && (
        <span
          title={problems.map((problem) => problem.message).join('\n')}
          className={classNames(
            'bg-surface text-2xs flex h-4.5 items-center gap-1 rounded-full border px-1.5 font-semibold',
            hasError
              ? 'border-status-failed/50 text-status-failed'
              : 'border-status-waiting/50 text-status-waiting',
          )}
        >
          <TriangleAlert /> {problems.length}
        </span>
      )}
      {isPinned && (
        <span
          title="Test runs use its pinned output"
          className="border-line-strong bg-surface text-ink-muted grid size-4.5 place-items-center rounded-full border"
        >
          <Pin />
        </span>
      )}
      {node.disabled && (
        <span className="border-line-strong bg-surface text-ink-muted grid size-4.5 place-items-center rounded-full border">
          <CircleSlash />
        </span>
      )}
    </span>
  )
}
