import { expect, test } from 'vitest'
import { usageOfStep, usageOfSteps } from './usage'

type Used = Parameters<typeof usageOfStep>[0]

const step = (more: Partial<Used>): Used => ({ acts: [], ...more })
const act = { name: 'model#1', kind: 'model', title: 'm', status: 'completed', startedAt: '' } as const

test('a step that is still at work tells what its calls have used', () => {
  const acts = [{ ...act, usage: { inputTokens: 3, outputTokens: 2, cost: 0.5 } }]
  expect(usageOfStep(step({ acts }))).toEqual({ inputTokens: 3, outputTokens: 2, cost: 0.5 })
  expect(usageOfStep(step({}))).toBeUndefined()
})

test('several steps are summed, their cost as far as it is known', () => {
  const steps = [
    step({ usage: { inputTokens: 1, outputTokens: 2 } }),
    step({}),
    step({ usage: { inputTokens: 10, outputTokens: 20, cost: 0.25 } }),
    step({ usage: { inputTokens: 100, outputTokens: 200, cost: 0.5 } }),
  ]
  expect(usageOfSteps(steps)).toEqual({ inputTokens: 111, outputTokens: 222, cost: 0.75 })
  expect(usageOfSteps([step({})])).toBeUndefined()
})
