'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Slider } from 'radix-ui'
import { useEffect } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { isTerminal } from '@/flow/run/event'
import { runLengthMs, useRunNow } from './clock'
import { eventWords } from './event-words'
import { clockWords } from './run-words'
import { useRunStore, useRunView, type RunStore } from './run-store'
import { stepThrough } from './step-through'

/** Goes through the history event by event; everything that draws the run follows. */
export function ScrubBar() {
  const store = useRunStore()
  const count = useRunView((view) => view.events.length)
  const position = useRunView((view) => view.position)
  const first = useRunView((view) => view.events[0])
  const latest = useRunView((view) => view.latest)
  const event = useRunView((view) => view.events[(view.position ?? view.events.length) - 1])
  const isOver = latest !== null && isTerminal(latest.status)
  const now = useRunNow(latest)
  useScrubKeys(store)
  if (count === 0 || !first || !event) return null

  const totalMs = runLengthMs(latest, now)
  const atMs = position === null ? totalMs : Date.parse(event.at) - Date.parse(first.at)
  const place = position ?? count
  return (
    <div className="border-line bg-surface flex h-8.5 shrink-0 items-center gap-3 border-t pr-3.5 pl-2">
      <div className="flex">
        <IconButton label="One event back" keys="," size="xs" onClick={() => stepThrough(store, -1)}>
          <ChevronLeft />
        </IconButton>
        <IconButton
          label="One event on"
          keys="."
          size="xs"
          disabled={position === null}
          onClick={() => stepThrough(store, 1)}
        >
          <ChevronRight />
        </IconButton>
      </div>
      <span className="text-ink-muted min-w-10 text-right">{clockWords(atMs)}</span>
      <Slider.Root
        className="relative flex h-5 flex-1 touch-none items-center"
        min={1}
        max={Math.max(count, 2)}
        step={1}
        value={[place]}
        onValueChange={([to]) => store.seek(to === undefined || to >= count ? null : to)}
      >
        <Slider.Track className="bg-line relative h-1 flex-1 rounded-full">
          <Slider.Range className="bg-ink absolute h-full rounded-full" />
        </Slider.Track>
        <Slider.Thumb
          aria-label="Place in the run's history"
          aria-valuetext={`Event ${place} of ${count}: ${eventWords(event, (step) => step)}, ${clockWords(atMs)}`}
          className="border-ink bg-surface block size-3 rounded-full border-2"
        />
      </Slider.Root>
      <span className="text-ink-muted">{clockWords(totalMs)}</span>
      <Button
        size="xs"
        aria-pressed={position === null}
        className="rounded-full font-normal"
        onClick={() => store.seek(null)}
      >
        {position === null && !isOver && (
          <span aria-hidden className="bg-status-running size-1.5 rounded-full" />
        )}
        {isOver ? 'End' : 'Live'}
      </Button>
    </div>
  )
}

/** `,` and `.` move by one event wherever the focus is, but in a text. */
function useScrubKeys(store: RunStore) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ',' && event.key !== '.') return
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return
      if (store.getState().events.length === 0) return
      event.preventDefault()
      stepThrough(store, event.key === '.' ? 1 : -1)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [store])
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
