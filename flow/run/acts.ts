import type { RunEvent } from './event'
import type { StepAct, StepState } from './state'

type ActEvent = Extract<RunEvent, { type: 'act_started' | 'act_completed' | 'act_failed' }>

/** The step's acts after an event about one of them. One that begins again takes the place of its earlier try. */
export function actsAfter(step: StepState, event: ActEvent): readonly StepAct[] {
  const { name } = event.data
  const before = step.acts.find((act) => act.name === name)
  if (event.type === 'act_started') {
    const { kind, title, input } = event.data
    const begun = { name, kind, title, status: 'running', startedAt: event.at } as const
    return [...step.acts.filter((act) => act !== before), input === undefined ? begun : { ...begun, input }]
  }
  if (before?.status !== 'running') return step.acts
  const ended: StepAct =
    event.type === 'act_failed'
      ? { ...before, status: 'failed', error: event.data.error, durationMs: passed(before, event.at) }
      : {
          ...before,
          status: 'completed',
          output: event.data.output,
          durationMs: event.data.tookUs === undefined ? passed(before, event.at) : event.data.tookUs / 1_000,
          ...(event.data.usage ? { usage: event.data.usage } : {}),
        }
  return step.acts.map((act) => (act === before ? ended : act))
}

/**
 * What the next attempt need not do again: all that was done, when an act was what failed. When the step itself did, it
 * came to nothing with what its acts gave, and begins anew.
 */
export function actsKept(step: StepState): readonly StepAct[] {
  if (!step.acts.some((act) => act.status === 'failed')) return none
  return step.acts.filter((act) => act.status === 'completed')
}

const none: readonly StepAct[] = []

function passed(act: StepAct, at: string): number {
  return Date.parse(at) - Date.parse(act.startedAt)
}
