'use client'

import { Pill } from '@/components/ui/pill'
import type { RunStatus } from '@/flow/run/event'
import { runLengthMs, useRunNow } from './clock'
import { clockWords, statusWords } from './run-words'
import { useRunView } from './run-store'

/** A run's status as a word in its colour. */
export function RunPill({ status, aside }: { status: RunStatus; aside?: string }) {
  const { word, tone } = statusWords[status]
  return (
    <Pill tone={tone}>
      {word}
      {aside && <span>{aside}</span>}
    </Pill>
  )
}

/** The opened run's status and how long it took, counting while it goes on. */
export function LiveRunPill() {
  const latest = useRunView((view) => view.latest)
  const isReconnecting = useRunView((view) => view.connection === 'reconnecting')
  const isRunning = latest?.status === 'running'
  const now = useRunNow(latest)
  if (!latest || latest.lastSeq === 0) return null
  if (isReconnecting && isRunning) return <Pill tone="waiting">Reconnecting…</Pill>
  return <RunPill status={latest.status} aside={clockWords(runLengthMs(latest, now))} />
}
