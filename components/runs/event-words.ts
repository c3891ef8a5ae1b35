import { formatDurationMs } from '@/flow/duration'
import { asText } from '@/flow/json'
import type { Wait } from '@/flow/kind'
import type { RunEvent } from '@/flow/run/event'

/** One event of a history as a sentence. `nameOf` gives a step's name as people know it. */
export function eventWords(event: RunEvent, nameOf: (step: string) => string): string {
  const name = event.step ? nameOf(event.step) : ''
  switch (event.type) {
    case 'run_started':
      return `Run ${event.data.number} started`
    case 'step_started':
      return event.data.attempt > 1 ? `${name} began, attempt ${event.data.attempt}` : `${name} began`
    case 'step_retrying':
      return `${name} failed and will be tried again: ${event.data.error.message}`
    case 'step_waiting':
      return `${name} waits for ${waitNoun(event.data.wait.for)}`
    case 'step_completed': {
      const { port, instead, tookUs } = event.data
      const ports = [port].flat().filter((each) => each !== 'done')
      const by = ports.length > 0 ? `, by ${ports.join(' and ')}` : ''
      const took = tookUs === undefined ? '' : ` in ${formatDurationMs(tookUs / 1_000)}`
      return `${name} completed${instead ? ` (${instead})` : took}${by}`
    }
    case 'step_failed':
      return `${name} failed: ${event.data.error.message}`
    case 'step_skipped':
      return `${name} was skipped`
    case 'step_cancelled':
      return `${name} was cancelled, as ${nameOf(event.data.by)} goes on without it`
    case 'state_changed':
      return `State changed: ${Object.keys(event.data.patch).join(', ')}`
    case 'event_received':
      return `${name} received an event`
    case 'answer_received': {
      const { resolution } = event.data
      const by = resolution.by === 'answer' && resolution.person ? ` by ${resolution.person}` : ''
      return `${name} was answered${by}`
    }
    case 'act_started':
      return `${name} asks ${event.data.title}`
    case 'act_completed':
      return `${name} got the answer of ${event.data.name}`
    case 'act_failed':
      return `${name} got no answer of ${event.data.name}: ${event.data.error.message}`
    case 'message_sent':
      return `${event.data.role}: ${event.data.text}`
    case 'round_started':
      return `${name} begins a new round`
    case 'run_continued':
      return event.data.from ? `Run continued from ${nameOf(event.data.from)}` : 'Run continued'
    case 'run_paused':
      return 'Nothing left to do but wait'
    case 'run_completed':
      return `Run completed${event.data.output === null ? '' : `: ${asText(event.data.output).slice(0, 160)}`}`
    case 'run_failed':
      return `Run failed: ${event.data.error.message}`
    case 'run_cancelled':
      return `Run cancelled${event.data.reason ? `: ${event.data.reason}` : ''}`
  }
}

function waitNoun(waitsFor: Wait['for']): string {
  return { timer: 'a time', answer: 'an answer', event: 'an event', body: 'its items', runs: 'other runs' }[
    waitsFor
  ]
}
