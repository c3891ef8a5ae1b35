'use client'

import type { useNodeOverlay } from '@/components/runs/run-store'
import { waitWords } from './wait-words'
import { useFailActions, useWaitActions } from './canvas-editing'

type NodeOverlay = NonNullable<ReturnType<typeof useNodeOverlay>>

const box =
  'step-under nodrag nopan nowheel pointer-events-auto absolute top-full left-0 z-10 mt-1.5 w-full rounded-lg border bg-surface px-2.5 py-1.5 text-xs shadow-soft'

/** What hangs under a node while it matters: what it waits for, what it writes, why it failed. Never moves the node. */
export function StepUnder({ node, overlay }: { node: string; overlay: NodeOverlay }) {
  const Actions = useWaitActions()
  const Fix = useFailActions()
  if (overlay.status === 'waiting' && overlay.wait)
    return (
      <div className={`${box} border-status-waiting/60 border-dashed`}>
        <p className="text-ink-muted line-clamp-2">{waitWords(overlay.wait)}</p>
        {Actions && (overlay.wait.for === 'answer' || overlay.wait.for === 'event') && (
          <div className="mt-1.5 mb-0.5 flex flex-wrap gap-1.5">
            <Actions node={node} step={overlay.step} wait={overlay.wait} />
          </div>
        )}
      </div>
    )
  if (overlay.status === 'running' && overlay.text)
    return (
      <p className={`${box} border-line text-ink-muted max-h-20 overflow-hidden`}>
        {overlay.text.length > 160 ? `…${overlay.text.slice(-160)}` : overlay.text}
      </p>
    )
  if (overlay.error && (overlay.status === 'failed' || overlay.retryAt))
    return (
      <div className={`${box} border-status-failed/40`}>
        <p className="text-status-failed line-clamp-3" title={overlay.error.message}>
          <span className="font-mono">{overlay.error.code}</span> {overlay.error.message}
        </p>
        {Fix && overlay.status === 'failed' && (
          <div className="mt-1.5 mb-0.5 empty:hidden">
            <Fix node={node} step={overlay.step} />
          </div>
        )}
      </div>
    )
  return null
}
