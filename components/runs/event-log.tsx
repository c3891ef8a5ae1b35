'use client'

import { memo, useCallback, useEffect, useMemo, useRef } from 'react'
import { lookOf } from '@/components/canvas/node-look'
import { classNames } from '@/components/ui/class-names'
import type { RunEvent } from '@/flow/run/event'
import { parseStepId } from '@/flow/run/step-id'
import { clockWords } from './run-words'
import { eventWords } from './event-words'
import { useRunStore, useRunView } from './run-store'
import { placeOf } from './timeline-rows'

/** The history of the run, one line an event. A click goes there. */
export function EventLog() {
  const store = useRunStore()
  const events = useRunView((view) => view.events)
  const document = useRunView((view) => view.document)
  const position = useRunView((view) => view.position)
  const current = position ?? events.length
  const list = useRef<HTMLOListElement>(null)
  const nameOf = useMemo(() => {
    const names = new Map(document?.nodes.map((node) => [node.id as string, lookOf(node).name]))
    return (step: string) => {
      const { scope, node, round } = parseStepId(step)
      const place = placeOf({ scope, round })
      return `${names.get(node) ?? node}${place ? ` (${place})` : ''}`
    }
  }, [document])

  useEffect(() => {
    list.current?.children[current - 1]?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const go = useCallback(
    (seq: number) => store.seek(seq >= store.getState().events.length ? null : seq),
    [store],
  )

  const startMs = events[0] ? Date.parse(events[0].at) : 0
  return (
    <ol ref={list} className="min-h-0 flex-1 overflow-y-auto py-1" aria-label="History of the run">
      {events.map((event) => (
        <Line
          key={event.seq}
          event={event}
          words={nameOf}
          sinceMs={Date.parse(event.at) - startMs}
          isCurrent={event.seq === current}
          isAhead={event.seq > current}
          onGo={go}
        />
      ))}
    </ol>
  )
}

/** Remembered, so that a step through a long history draws two lines anew and not all. */
const Line = memo(function Line({
  event,
  words,
  sinceMs,
  isCurrent,
  isAhead,
  onGo,
}: {
  event: RunEvent
  words: (step: string) => string
  sinceMs: number
  isCurrent: boolean
  isAhead: boolean
  onGo: (seq: number) => void
}) {
  const isFailure = event.type === 'step_failed' || event.type === 'run_failed'
  return (
    <li style={{ contentVisibility: 'auto', containIntrinsicSize: 'auto 24px' }}>
      <button
        type="button"
        aria-current={isCurrent}
        onClick={() => onGo(event.seq)}
        className={classNames(
          'group hover:bg-surface-hover aria-[current=true]:bg-accent-soft grid w-full grid-cols-[2.5rem_4.5rem_1fr] items-baseline px-3.5 py-0.75 text-left text-xs -outline-offset-2',
          isAhead && 'opacity-50',
        )}
      >
        <span className="text-ink-faint group-aria-[current=true]:text-ink-muted font-mono">{event.seq}</span>
        <span className="text-ink-faint group-aria-[current=true]:text-ink-muted">{clockWords(sinceMs)}</span>
        <span className={classNames('min-w-0 break-words', isFailure && 'text-status-failed')}>
          {eventWords(event, words)}
        </span>
      </button>
    </li>
  )
})
