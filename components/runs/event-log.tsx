'use client'

import { useEffect, useMemo, useRef } from 'react'
import { classNames } from '@/components/ui/class-names'
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
  const list = useRef<HTMLOListElement>(null)
  const nameOf = useMemo(() => {
    const names = new Map(document?.nodes.map((node) => [node.id as string, node.name || node.id]))
    return (step: string) => {
      const { node, round } = parseStepId(step)
      const place = placeOf({ id: step, round })
      return `${names.get(node) ?? node}${place ? ` (${place})` : ''}`
    }
  }, [document])

  useEffect(() => {
    const current = position ?? events.length
    list.current?.children[current - 1]?.scrollIntoView({ block: 'nearest' })
  }, [position, events.length])

  const startMs = events[0] ? Date.parse(events[0].at) : 0
  return (
    <ol ref={list} className="min-h-0 flex-1 overflow-y-auto py-1" aria-label="History of the run">
      {events.map((event) => (
        <li key={event.seq} style={{ contentVisibility: 'auto', containIntrinsicSize: 'auto 24px' }}>
          <button
            type="button"
            aria-current={event.seq === (position ?? events.length)}
            onClick={() => store.seek(event.seq >= events.length ? null : event.seq)}
            className={classNames(
              'hover:bg-surface-hover aria-[current=true]:bg-accent-soft grid w-full grid-cols-[2.5rem_4.5rem_1fr] items-baseline px-3.5 py-0.75 text-left text-xs -outline-offset-2',
              position !== null && event.seq > position && 'opacity-50',
            )}
          >
            <span className="text-ink-faint group-aria-[current=true]:text-ink-muted font-mono">
              {event.seq}
            </span>
            <span className="text-ink-faint group-aria-[current=true]:text-ink-muted">
              {clockWords(Date.parse(event.at) - startMs)}
            </span>
            <span
              className={classNames(
                'min-w-0 break-words',
                (event.type === 'step_failed' || event.type === 'run_failed') && 'text-status-failed',
              )}
            >
              {eventWords(event, nameOf)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
