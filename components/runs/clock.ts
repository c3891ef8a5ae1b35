'use client'

import { useEffect, useState } from 'react'
import { isTerminal } from '@/flow/run/event'
import type { RunState } from '@/flow/run/state'
import type { RunView } from './run-store'

/** Milliseconds since 1970, again every `everyMs` while `isTicking`. */
export function useNow(isTicking: boolean, everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isTicking) return
    const tick = () => setNow(Date.now())
    tick()
    const timer = setInterval(tick, everyMs)
    return () => clearInterval(timer)
  }, [isTicking, everyMs])
  return now
}

/** The time for a run's clock: ten times a second while it works, every second while it waits, still once it ended. */
export function useRunNow(state: RunState | null): number {
  const isOpen = state !== null && state.lastSeq > 0 && !isTerminal(state.status)
  return useNow(isOpen, state?.status === 'running' ? 100 : 1_000)
}

/** Time of the last event that is shown, when the past is looked at; null at the live end. */
export function shownAtMs(view: RunView): number | null {
  if (view.position === null) return null
  const event = view.events[view.position - 1] ?? view.events[0]
  return event ? Date.parse(event.at) : null
}

/** Milliseconds from the run's start to its end, or to `nowMs` while it goes on. */
export function runLengthMs(state: RunState | null, nowMs: number): number {
  if (!state?.startedAt) return 0
  const endMs = state.endedAt && isTerminal(state.status) ? Date.parse(state.endedAt) : nowMs
  return Math.max(0, endMs - Date.parse(state.startedAt))
}
