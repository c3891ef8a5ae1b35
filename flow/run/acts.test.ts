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

describe('a step that is continued', () => {
  const ended: NewEvent[] = [
    { type: 'step_failed', step, data: { error: { code: 'x', message: 'X.' }, attempt: 1, handled: 'fail' } },
    { type: 'run_failed', data: { error: { code: 'x', message: 'X.' } } },
    { type: 'run_continued', data: {} },
  ]
  const round = 'effect1#2'
  const goesOn: NewEvent = { type: 'step_started', step: round, data: { attempt: 1, goesOn: step } }
  const after = (...events: NewEvent[]) => replay(graph, history(...events)).steps.get(round)?.acts ?? []
  const names = (...events: NewEvent[]) => after(...events).map(({ name }) => name)
  const tool = (name: string, more: object = {}): NewEvent[] => [started(name, 'tool'), completed(name, more)]
  const model = (name: string): NewEvent[] => [started(name), completed(name)]

  test('goes on for the round that failed, and not for one that follows it', () => {
    const state = replay(graph, history(...ended))
    expect([...state.goesOn]).toEqual([[round, step]])
  })

  test('keeps all that was done when something was cut off or failed', () => {
    expect(
      names(...model('m1'), ...tool('t1'), ...model('m2'), started('t2', 'tool'), ...ended, goesOn),
    ).toEqual(['m1', 't1', 'm2'])
    expect(names(...model('m1'), started('m2'), failed('m2'), ...ended, goesOn)).toEqual(['m1'])
  })

  test('asks the model anew when the step itself failed, but keeps what its tools have done', () => {
    expect(names(...model('m1'), ...tool('t1'), ...model('m2'), ...ended, goesOn)).toEqual(['m1', 't1'])
    expect(names(...model('m1'), ...ended, goesOn)).toEqual([])
    const told = { output: { error: { code: 'away', message: 'Away.' } } }
    expect(
      names(
        ...model('m1'),
        ...tool('t1'),
        ...model('m2'),
        ...tool('t2', told),
        ...model('m3'),
        ...ended,
        goesOn,
      ),
    ).toEqual(['m1', 't1'])
  })

  test('says of what it kept that it was done before, and does not count what that used again', () => {
    const used = { usage: { inputTokens: 5, outputTokens: 2, model: 'm' } }
    const [kept] = after(started('m1'), completed('m1', used), started('m2'), failed('m2'), ...ended, goesOn)
    expect(kept).toMatchObject({ name: 'm1', status: 'completed', output: 'm1 done', isCarried: true })
    expect(kept?.usage).toBeUndefined()
  })

  test('drops what followed as soon as one is done anew', () => {
    const anew: NewEvent = {
      type: 'act_started',
      step: round,
      data: { name: 't1', kind: 'tool', title: 'T1', input: 'other' },
    }
    const before = [...model('m1'), ...tool('t1'), ...model('m2'), started('t2', 'tool')]
    expect(names(...before, ...ended, goesOn, anew)).toEqual(['m1', 't1'])
    const further: NewEvent = { ...anew, data: { ...anew.data, name: 't2' } } as NewEvent
    expect(names(...before, ...ended, goesOn, further)).toEqual(['m1', 't1', 'm2', 't2'])
  })
})
