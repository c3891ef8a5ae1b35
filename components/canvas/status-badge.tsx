'use client'

import { useEffect, useState } from 'react'
import { useRunView, type useNodeOverlay } from '@/components/runs/run-store'
import { usageWords } from '@/components/models/usage-words'
import { classNames } from '@/components/ui/class-names'
import { formatDurationMs } from '@/flow/duration'
import { statusLooks } from './status-look'

type NodeOverlay = NonNullable<ReturnType<typeof useNodeOverlay>>

/** Sits on the top right border of a node: status, order, time, rounds and retries. */
export function StatusBadge({ overlay }: { overlay: NodeOverlay }) {
  const look = statusLooks[overlay.status]
  const Icon = look.icon
  const isLive = useRunView((view) => view.connection === 'live' && view.position === null)
  const elapsedMs = useElapsedMs(isLive && overlay.status === 'running' ? overlay.startedAt : undefined)
  const durationMs = overlay.durationMs ?? elapsedMs
  const showsTime = overlay.status === 'completed' || overlay.status === 'running'
  return (
    <span
      aria-hidden
      className={classNames(
        'bg-surface text-2xs absolute -top-2.25 right-2.5 flex h-4.5 items-center gap-1 rounded-full border px-1.75 font-semibold whitespace-nowrap [&_svg]:size-2.5 [&_svg]:stroke-3',
        look.badge,
      )}
    >
      <Icon />
      {overlay.order > 0 && `${overlay.order} · `}
      {showsTime && durationMs !== undefined ? formatDurationMs(durationMs) : look.word}
      {overlay.counts ? (
        <span>
          {overlay.counts.done}/{overlay.counts.all}
          {overlay.counts.failed > 0 && (
            <span className="text-status-failed"> {overlay.counts.failed} failed</span>
          )}
        </span>
      ) : (
        overlay.rounds > 1 && <span>×{overlay.rounds}</span>
      )}
      {overlay.retries > 0 && <span title={`${overlay.retries} retries`}>↻{overlay.retries}</span>}
      {overlay.instead && <span>({overlay.instead})</span>}
      {overlay.usage && <span>· {usageWords(overlay.usage)}</span>}
    </span>
  )
}

/** Milliseconds since a time, ten times a second; undefined without one. */
function useElapsedMs(since: string | undefined): number | undefined {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    if (since === undefined) return
    const tick = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(tick)
  }, [since])
  if (since === undefined || now === null) return undefined
  return Math.max(0, now - Date.parse(since))
}
