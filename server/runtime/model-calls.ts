import type { NewModelCall } from '@/db/append'
import type { Usage } from '@/flow/kind'
import type { RunEvent } from '@/flow/run/event'
import type { RunState } from '@/flow/run/state'
import { parseStepId } from '@/flow/run/step-id'

/** The calls of models that these events tell of; `state` is that after them. */
export function modelCallsOf(
  state: RunState,
  events: readonly RunEvent[],
  timesMs: readonly number[],
): NewModelCall[] {
  return events.flatMap((event, index): NewModelCall[] => {
    const usage = usedIn(state, event)
    if (!usage || !event.step) return []
    const { inputTokens, outputTokens, model = 'unknown', cost = null } = usage
    return [
      {
        seq: event.seq,
        flowId: state.flow,
        step: event.step,
        node: parseStepId(event.step).node,
        model,
        inputTokens,
        outputTokens,
        cost,
        atMs: timesMs[index] ?? 0,
      },
    ]
  })
}

function usedIn(state: RunState, event: RunEvent): Usage | undefined {
  switch (event.type) {
    case 'act_completed':
    case 'act_failed':
    case 'step_failed':
    case 'step_retrying':
      return event.data.usage
    case 'step_completed': {
      // With acts it is their sum, and they have told; a mock has asked no model.
      const hasActs = event.step !== undefined && (state.steps.get(event.step)?.acts.length ?? 0) > 0
      return hasActs || event.data.instead ? undefined : event.data.usage
    }
    default:
      return undefined
  }
}
