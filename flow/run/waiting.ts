import type { Resolution, RunsWait } from '../kind'
import type { StepState } from './state'

/** Whether a waiting step can go on now. */
export function isDue(step: StepState): boolean {
  if (step.status !== 'waiting') return false
  if (step.heard < 0) return true
  if (step.resolutions.length <= step.heard) return false
  return step.wait?.for !== 'runs' || areOver(step, step.wait)
}

/** Runs that a step waits for are over when all have ended, or one did not complete: then the others are not worth it. */
function areOver(step: StepState, wait: RunsWait): boolean {
  let ended = 0
  for (const resolution of step.resolutions) {
    if (resolution.by !== 'run') continue
    if (resolution.status !== 'completed' && wait.onFailure !== 'go_on') return true
    ended++
  }
  return ended >= wait.calls.length
}

/**
 * Whether this answer or event is in the history already: whoever read the inbox before it was taken out may hand it over
 * once more, when the step waits for the next.
 */
export function hasCome(step: StepState, resolution: Resolution): boolean {
  if (resolution.by !== 'answer' && resolution.by !== 'event') return false
  const person = resolution.by === 'answer' ? resolution.person : undefined
  return step.resolutions.some(
    (one) =>
      one.by === resolution.by && one.at === resolution.at && (one.by !== 'answer' || one.person === person),
  )
}
