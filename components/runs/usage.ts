import type { Usage } from '@/flow/kind'
import { usageOf } from '@/flow/run/acts'
import type { StepState } from '@/flow/run/state'

type Used = Pick<StepState, 'usage' | 'acts'>

/** What a step's calls of models have used so far; undefined when it made none. */
export function usageOfStep(step: Used): Usage | undefined {
  return step.usage ?? usageOf(step.acts)
}

/** What several steps used together. */
export function usageOfSteps(steps: Iterable<Used>): Usage | undefined {
  let sum: Usage | undefined
  for (const step of steps) {
    const usage = usageOfStep(step)
    if (!usage) continue
    const cost = usage.cost === undefined ? sum?.cost : (sum?.cost ?? 0) + usage.cost
    sum = {
      inputTokens: (sum?.inputTokens ?? 0) + usage.inputTokens,
      outputTokens: (sum?.outputTokens ?? 0) + usage.outputTokens,
      ...(cost === undefined ? {} : { cost }),
    }
  }
  return sum
}
