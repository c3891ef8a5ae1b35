'use client'

import { nodeNameIn } from '@/components/canvas/node-look'
import type { RunEvent } from '@/flow/run/event'
import { eventWords } from './event-words'
import { useRunView, type RunView } from './run-store'

/** Worth being told about without looking: the run as a whole, and steps that need a person. */
const spoken: ReadonlySet<RunEvent['type']> = new Set([
  'run_started',
  'step_waiting',
  'step_failed',
  'run_completed',
  'run_failed',
  'run_cancelled',
])

/** The one polite live region for run changes. */
export function RunAnnouncer() {
  const words = useRunView(lastWords)
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {words}
    </p>
  )
}

/** Of what happens live; a run that is opened in the past is not read out. */
function lastWords({ events, document, connection, position }: RunView): string {
  if (position !== null || (connection !== 'live' && connection !== 'ended')) return ''
  const event = events.findLast((each) => spoken.has(each.type))
  if (!event) return ''
  return eventWords(event, (step) => nodeNameIn(document, step))
}
