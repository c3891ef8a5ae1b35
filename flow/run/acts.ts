import { isObject } from '../json'
import type { Usage } from '../kind'
import type { RunEvent } from './event'
import type { StepAct, StepState } from './state'

type ActEvent = Extract<RunEvent, { type: 'act_started' | 'act_completed' | 'act_failed' }>

/**
 * The step's acts after an event about one of them. One that begins again takes the place of its earlier try; when that was
 * carried over from before a continuation, the step goes another way now, and what followed then does not count.
 */
export function actsAfter(step: StepState, event: ActEvent): readonly StepAct[] {
  const { name } = event.data
  const before = step.acts.find((act) => act.name === name)
  if (event.type === 'act_started') {
    const { kind, title, input } = event.data
    const begun = { name, kind, title, status: 'running', startedAt: event.at } as const
    const place = before?.isCarried ? step.acts.indexOf(before) : step.acts.length
    const others = step.acts.filter((act, index) => act !== before && !(act.isCarried && index > place))
    return [...others, input === undefined ? begun : { ...begun, input }]
  }
  if (before?.status !== 'running') return step.acts
  const ended: StepAct =
    event.type === 'act_failed'
      ? {
          ...before,
          status: 'failed',
          error: event.data.error,
          durationMs: passed(before, event.at),
          ...(event.data.usage ? { usage: event.data.usage } : {}),
        }
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
 * What the next attempt need not do again: all that was done, when an act was what failed. Null when the step itself did:
 * it came to nothing with what its acts gave, and begins anew.
 */
export function actsKept(step: StepState): readonly StepAct[] | null {
  if (!step.acts.some((act) => act.status === 'failed')) return null
  return step.acts.filter((act) => act.status === 'completed')
}

/**
 * What a step need not do again that was done in a round which failed or was cut off: all that has completed. When every act
 * has, the step itself failed, by what the model said last: then what came after the last tool that did its work is done anew.
 */
export function actsCarried(step: StepState): readonly StepAct[] {
  const isCutOff = step.acts.some((act) => act.status !== 'completed')
  const lastTool = step.acts.findLastIndex((act) => act.kind === 'tool' && !toldFailure(act))
  const acts = isCutOff ? step.acts : step.acts.slice(0, lastTool + 1)
  return acts
    .filter((act) => act.status === 'completed')
    .map(({ usage: _, ...act }) => ({ ...act, isCarried: true }))
}

/** A tool that failed and told why, so that the step could go on. */
function toldFailure({ output }: StepAct): boolean {
  return isObject(output) && isObject(output.error)
}

/**
 * What all acts together used; undefined when none told. The model is named when there was but one; the cost is that of the
 * calls whose price is known.
 */
export function usageOf(acts: readonly StepAct[]): Usage | undefined {
  const told = acts.flatMap((act) => act.usage ?? [])
  if (told.length === 0) return undefined
  const models = new Set(told.map((usage) => usage.model))
  const [model] = models
  const costs = told.flatMap((usage) => usage.cost ?? [])
  return {
    inputTokens: told.reduce((sum, usage) => sum + usage.inputTokens, 0),
    outputTokens: told.reduce((sum, usage) => sum + usage.outputTokens, 0),
    ...(models.size === 1 && model !== undefined ? { model } : {}),
    ...(costs.length > 0 ? { cost: costs.reduce((sum, cost) => sum + cost, 0) } : {}),
  }
}

function passed(act: StepAct, at: string): number {
  return Date.parse(at) - Date.parse(act.startedAt)
}
