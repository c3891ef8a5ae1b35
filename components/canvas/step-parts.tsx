'use client'

import { Handle, Position } from '@xyflow/react'
import { CircleSlash, History, Pin, TriangleAlert } from 'lucide-react'
import { classNames } from '@/components/ui/class-names'
import type { FlowNode } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { useCanvasEditing } from './canvas-editing'
import { portCenter, type NodeLook } from './node-look'
import { staleWords } from './use-node-state'

/** The names of several ways out, each in its row under the head. */
export function PortLabels({ look }: { look: NodeLook }) {
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

/** Handles where lines begin and end; React Flow takes their places from the model. */
export function Ports({ look }: { look: NodeLook }) {
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
export function Marks({
  node,
  problems,
  stale,
}: {
  node: FlowNode
  problems: readonly Problem[] | undefined
  stale: keyof typeof staleWords | undefined
}) {
  const isPinned = node.sample !== undefined && node.sample !== null
  if (!problems && !isPinned && !node.disabled && !stale) return null
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
      {stale && (
        <span
          title={`What the run shows here is old: ${staleWords[stale]}`}
          className={classNames(
            'bg-surface text-2xs flex h-4.5 items-center gap-1 rounded-full border px-1.5 font-semibold',
            stale === 'changed'
              ? 'border-status-waiting/60 text-status-waiting'
              : 'border-line-strong text-ink-muted',
          )}
        >
          <History /> old
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
