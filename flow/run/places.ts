import type { StepStatus } from './event'
import type { RunState, StepState } from './state'
import { stepIdOf, topScope, type Scope, type StepId } from './step-id'

/*
 * The only writers of `steps`, `candidates`, `openCount` and `atWork`: what is counted stays true, at a cost that does not
 * grow with the run.
 */

export const isOpen = (status: StepStatus) => status === 'running' || status === 'waiting'

/** Puts a step in place of what was there. `isCandidate`: there is something to do for it now. */
export function putStep(state: RunState, step: StepState, isCandidate: boolean): void {
  const { id, scope } = step
  const wasOpen = isOpen(state.steps.get(id)?.status ?? 'skipped')
  const wasAtWork = wasOpen || state.candidates.has(id)
  if (step.round > 1) {
    const first = stepIdOf(scope, step.node, 1)
    if (step.round > (state.rounds.get(first) ?? 1)) state.rounds.set(first, step.round)
  }
  state.steps.set(id, step)
  const nowOpen = isOpen(step.status)
  state.openCount += Number(nowOpen) - Number(wasOpen)
  if (isCandidate) state.candidates.add(id)
  else state.candidates.delete(id)
  count(state, scope, Number(nowOpen || isCandidate) - Number(wasAtWork))
}

/** There is something to do at a place. */
export function offer(state: RunState, scope: Scope, id: StepId): void {
  if (state.candidates.has(id)) return
  state.candidates.add(id)
  if (scope !== topScope && !isOpen(state.steps.get(id)?.status ?? 'skipped')) count(state, scope, 1)
}

export function retract(state: RunState, scope: Scope, id: StepId): void {
  if (!state.candidates.delete(id)) return
  if (scope !== topScope && !isOpen(state.steps.get(id)?.status ?? 'skipped')) count(state, scope, -1)
}

function count(state: RunState, scope: Scope, change: number): void {
  if (scope === topScope || change === 0) return
  state.atWork.set(scope, (state.atWork.get(scope) ?? 0) + change)
}
