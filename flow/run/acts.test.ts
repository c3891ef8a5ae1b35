import { describe, expect, test } from 'vitest'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { graphOf } from '../graph'
import type { Outcome } from '../kind'
import type { NewEvent, RunEvent } from './event'
import { next } from './next'
import { extend, replay } from './replay'
import { settleError, settleOutcome } from './settle'

const graph = graphOf(drawn(['start -> effect1', 'effect1 -> step2']), testKinds)
const step = 'effect1'
const at = (seq: number) => new Date(Date.UTC(2026, 0, 1) + seq * 1_000).toISOString()
const history = (...events: NewEvent[]): RunEvent[] =>
  [...begun, ...events].map((event, index) => ({ ...event, seq: index + 1, at: at(index + 1) }))
const begun: NewEvent[] = [
  {
    type: 'run_started',
    data: {
      ...{ flow: 'f', version: null, number: 1, node: 'start', cause: 'manual', trigger: {}, state: {} },
    },
  },
  { type: 'step_completed', step: 'start', data: { port: 'done', output: {} } },
  { type: 'step_started', step, data: { attempt: 1 } },
]
const started = (name: string, kind: 'model' | 'tool' = 'model'): NewEvent => ({
  type: 'act_started',
  step,
  data: { name, kind, title: name.toUpperCase(), input: { asked: name } },
})
const completed = (name: string, more: object = {}): NewEvent => ({
  type: 'act_completed',
  step,
  data: { name, output: `${name} done`, ...more },
})
const failed = (name: string): NewEvent => ({
  type: 'act_failed',
  step,
  data: { name, error: { code: 'model_unavailable', message: 'Away.', retryable: true } },
})
const retrying: NewEvent = {
  type: 'step_retrying',
  step,
  data: { attempt: 1, error: { code: 'model_unavailable', message: 'Away.' }, retryAt: at(60) },
}
const asks: NewEvent = { type: 'step_waiting', step, data: { wait: { for: 'answer', title: 'Which one?' } } }
const answers = (answer: string): NewEvent => ({
  type: 'answer_received',
  step,
  data: { resolution: { by: 'answer', at: at(9), answer } },
})
const stateAfter = (...events: NewEvent[]) => replay(graph, history(...events))
const actsAfter = (...events: NewEvent[]) =>
  stateAfter(...events)
    .steps.get(step)
    ?.acts.map(({ name, status }) => `${name} ${status}`)

describe('the acts of a step', () => {
  test('are listed in the order in which they began, with what they took, gave and used', () => {
    const usage = { inputTokens: 5, outputTokens: 2, model: 'm' }
    const state = stateAfter(
      started('model#1'),
      completed('model#1', { usage, tookUs: 1_500 }),
      started('tool#1.1', 'tool'),
    )
    expect(state.steps.get(step)?.acts).toEqual([
      {
        ...{ name: 'model#1', kind: 'model', title: 'MODEL#1', status: 'completed', startedAt: at(4) },
        ...{ input: { asked: 'model#1' }, output: 'model#1 done', usage, durationMs: 1.5 },
      },
      {
        ...{ name: 'tool#1.1', kind: 'tool', title: 'TOOL#1.1', status: 'running', startedAt: at(6) },
        input: { asked: 'tool#1.1' },
      },
    ])
  })

  test('without a measured time took as long as their events are apart', () => {
    const state = stateAfter(started('a'), completed('a'), started('b'), failed('b'))
    expect(state.steps.get(step)?.acts.map((act) => act.durationMs)).toEqual([1_000, 1_000])
  })

  test('that begin again take the place of their earlier try, at the end', () => {
    expect(actsAfter(started('a'), failed('a'), started('b'), completed('b'), started('a'))).toEqual([
      'b completed',
      'a running',
    ])
  })

  test('do not end twice, and those that nobody began do not end', () => {
    expect(actsAfter(started('a'), completed('a'), failed('a'), completed('c'))).toEqual(['a completed'])
  })

  test('of a step that is over change nothing', () => {
    const over: NewEvent = { type: 'step_completed', step, data: { port: 'done', output: 1 } }
    expect(actsAfter(started('a'), over, completed('a'), started('b'))).toEqual(['a running'])
  })

  test('leave steps that they are not of as they were', () => {
    const before = stateAfter(started('a'))
    const [last] = history(started('a'), completed('a')).slice(-1)
    const after = extend(graph, before, last ? [last] : [])
    expect(after.steps.get('start')).toBe(before.steps.get('start'))
    expect(before.steps.get(step)?.acts).toMatchObject([{ status: 'running' }])
    expect(after.steps.get(step)?.acts).toMatchObject([{ status: 'completed' }])
  })
})

describe('a step that was cut off', () => {
  test('is recovered with what its acts gave', () => {
    const state = stateAfter(started('a'), completed('a'), started('b'))
    expect(next(graph, state)).toMatchObject([{ do: 'recover', step, attempt: 1 }])
    expect(state.steps.get(step)?.acts.map((act) => act.status)).toEqual(['completed', 'running'])
  })

  test('while it went on after an answer is resumed with that answer', () => {
    const state = stateAfter(started('a'), completed('a'), asks, answers('this'), started('b'))
    expect(next(graph, state)).toMatchObject([{ do: 'resume', step }])
    expect(state.steps.get(step)).toMatchObject({ status: 'waiting', resolutions: [{ answer: 'this' }] })
  })
})

describe('the next attempt', () => {
  test('after an act that failed keeps those that were done, and the answers that came', () => {
    const events = [started('a'), completed('a'), asks, answers('this'), started('b'), failed('b'), retrying]
    const state = stateAfter(...events)
    expect(state.steps.get(step)).toMatchObject({
      acts: [{ name: 'a', status: 'completed' }],
      resolutions: [{ answer: 'this' }],
      retries: [{ attempt: 1 }],
    })
    expect(next(graph, state)).toMatchObject([{ do: 'retry', attempt: 2 }])
  })

  test('after the step itself failed begins anew', () => {
    const state = stateAfter(started('a'), completed('a'), asks, answers('this'), retrying)
    expect(state.steps.get(step)).toMatchObject({ acts: [], resolutions: [] })
  })
})

describe('an answer that comes while the step decides to wait again', () => {
  const again: Outcome = { type: 'wait', wait: { for: 'answer', title: 'And then?' } }
  const state = stateAfter(asks, answers('one'), answers('two'))

  test('is what it is resumed with at once', () => {
    const [event] = settleOutcome(graph, state, { step, attempt: 1, heard: 1 }, again)
    expect(event).toMatchObject({ type: 'step_waiting', data: { heard: 1 } })
    const after = extend(graph, state, event ? [{ ...event, seq: state.lastSeq + 1, at: at(20) }] : [])
    expect(next(graph, after)).toMatchObject([{ do: 'resume' }])
  })

  test('is not told twice', () => {
    const [event] = settleOutcome(graph, state, { step, attempt: 1, heard: 2 }, again)
    expect(event?.data).toEqual({ wait: again.wait })
    const after = extend(graph, state, event ? [{ ...event, seq: state.lastSeq + 1, at: at(20) }] : [])
    expect(next(graph, after)).toEqual([])
  })
})

describe('what a step used', () => {
  const done: Outcome = { type: 'done', port: 'done', output: 1 }
  const used = (...models: (string | undefined)[]) => {
    const events = models.flatMap((model, index) => [
      started(`m${index}`),
      completed(`m${index}`, {
        usage: { inputTokens: 10, outputTokens: 1, ...(model === undefined ? {} : { model }) },
      }),
    ])
    const [event] = settleOutcome(graph, stateAfter(...events), { step, attempt: 1 }, done)
    return event?.type === 'step_completed' ? event.data.usage : null
  }

  test('is the sum of what its acts used', () => {
    expect(used('a', 'a')).toEqual({ inputTokens: 20, outputTokens: 2, model: 'a' })
    expect(used()).toBeUndefined()
  })

  test('names no model when there were several', () => {
    expect(used('a', 'b')).toEqual({ inputTokens: 20, outputTokens: 2 })
  })

  test('is what the step says itself, if it does', () => {
    const own: Outcome = { ...done, usage: { inputTokens: 1, outputTokens: 1 } }
    const [event] = settleOutcome(graph, stateAfter(started('m'), completed('m')), { step, attempt: 1 }, own)
    expect(event?.data).toMatchObject({ usage: { inputTokens: 1, outputTokens: 1 } })
  })
})

test('an act that failed is why the step failed', () => {
  const state = stateAfter(started('a'), failed('a'))
  const error = { code: 'model_unavailable', message: 'Away.', retryable: true }
  const policy = { maxAttempts: 1, intervalMs: 0, backoffRate: 1, maxIntervalMs: 0, retryOn: null }
  const events = settleError(graph, state, { step, attempt: 1 }, error, { policy, nowMs: 0, random: 0 })
  expect(events.map((event) => event.type)).toEqual(['step_failed', 'run_failed'])
})
