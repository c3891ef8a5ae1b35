import { describe, expect, it } from 'vitest'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play, type Play } from '../fixtures/play'
import { StepError, type Resolution } from '../kind'
import type { RunEvent } from './event'
import { next } from './next'
import { extend, replay } from './replay'
import { hasCome } from './waiting'

const run = (document: Play['document'], options: Partial<Play> = {}) =>
  play({ document, kinds: testKinds, ...options })
const at = '2026-01-02T00:00:00.000Z'

const spread = (onItemError: string, items = [1, 2, 3, 4, 5, 6, 7, 8, 9]) =>
  drawn(['start -> each1', 'each1 -> step9', 'each1/step1 -> each1/step2'], {
    each1: { config: { items, atOnce: 20, onItemError, mode: 'spread' } },
  })
const failAt =
  (item: number): Play['perform'] =>
  (node, input) => {
    if (node === 'step1' && input === item) throw new StepError('boom', 'Bang.')
    return undefined
  }

describe('items spread over runs', () => {
  it('are cut into slices that together have no more at once than they may', () => {
    const items = Array.from({ length: 950 }, (_, index) => index)
    const { events } = run(spread('stop', items))
    const waiting = events.find((event) => event.type === 'step_waiting')
    const wait = waiting?.type === 'step_waiting' ? waiting.data.wait : null
    if (wait?.for !== 'runs') throw new Error('It does not wait for runs.')
    const slices = wait.calls.flatMap((call) => ('slice' in call ? [call.slice] : []))
    expect(slices.map((slice) => slice.first)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
    expect(slices.flatMap((slice) => slice.items)).toEqual(items)
    expect(wait.atOnce * Math.max(...slices.map((slice) => slice.atOnce))).toBeLessThanOrEqual(20)
  })

  it.each(['stop', 'skip', 'collect'])('yield what they would yield inline, with %s', (onItemError) => {
    const document = spread(onItemError)
    const inline = { ...document, nodes: document.nodes.map((node) => withMode(node, 'inline')) }
    const perform = onItemError === 'stop' ? undefined : failAt(4)
    expect(run(document, { perform }).state.output).toEqual(run(inline, { perform }).state.output)
  })

  it('keep their places, see what is around the container, and nothing of each other', () => {
    const started = {
      slice: {
        container: 'each1',
        wait: { for: 'body' as const, items: [7, 8], first: 4, atOnce: 1, onItemError: 'stop' as const },
        steps: { start: 'outer' },
      },
    }
    const { state } = run(spread('stop'), { started })
    expect([...state.steps.keys()]).toEqual([
      'each1[4]/step1',
      'each1[4]/step2',
      'each1[5]/step1',
      'each1[5]/step2',
    ])
    expect(state).toMatchObject({ status: 'completed', output: [{ output: 7 }, { output: 8 }] })
  })

  it('fail the run of their slice with the step that failed', () => {
    const wait = { for: 'body' as const, items: [7, 8], first: 4, atOnce: 1, onItemError: 'stop' as const }
    const started = { slice: { container: 'each1', wait, steps: {} } }
    const { state, events } = run(spread('stop'), { started, perform: failAt(8) })
    expect(state).toMatchObject({ status: 'failed', error: { code: 'boom', step: 'each1[5]/step1' } })
    const seq = events.length + 1
    const again = run(spread('stop'), { history: [...events, { type: 'run_continued', data: {}, seq, at }] })
    expect(again.state).toMatchObject({ status: 'completed', output: [{ output: 7 }, { output: 8 }] })
    expect(again.state.steps.has('each1[4]/step1#2')).toBe(false)
  })

  it('cannot end the run that they are a part of', () => {
    const { state } = run(spread('stop'), {
      perform: (node, input) =>
        node === 'step2' && input === 2 ? { type: 'end', status: 'completed', output: 'found' } : undefined,
    })
    expect(state).toMatchObject({ status: 'failed', error: { code: 'end_in_slice' } })
  })
})

describe('a step that waits for runs', () => {
  const graphAnd = (resolutions: Resolution[]) => {
    const { graph, events } = run(spread('stop'), { maxActions: 2 })
    const more = resolutions.map((resolution, index): RunEvent => {
      const seq = events.length + 1 + index
      return { type: 'event_received', step: 'each1', data: { resolution }, seq, at }
    })
    const state = extend(graph, replay(graph, events), more)
    return { state, actions: next(graph, state).map((action) => action.do) }
  }
  const ended = (call: number, status: 'completed' | 'failed' = 'completed'): Resolution => ({
    ...{ by: 'run', at, call, run: `r${call}`, status, output: [] },
  })
  const all = [0, 1, 2, 3, 4].map((call) => ended(call))

  it('goes on when all have ended, and not before', () => {
    expect(graphAnd(all.slice(1)).actions).toEqual([])
    expect(graphAnd(all).actions).toEqual(['resume'])
  })

  it('goes on at once when one has failed', () => {
    expect(graphAnd([ended(3, 'failed')]).actions).toEqual(['resume'])
  })

  it('hears of each run once', () => {
    const { state, actions } = graphAnd([ended(0), ended(0), ended(1), ended(1), ended(2)])
    expect(actions).toEqual([])
    expect(state.steps.get('each1')?.resolutions).toHaveLength(3)
  })

  it('asks after a continuation to wait again for those that did not complete', () => {
    const failed = run(spread('stop'), { perform: failAt(4) })
    expect(failed.state).toMatchObject({ status: 'failed', error: { code: 'boom' } })
    const done = failed.state.steps.get('each1')?.resolutions.length ?? 0
    const seq = failed.events.length + 1
    const { state, events } = run(spread('stop'), {
      history: [...failed.events, { type: 'run_continued', data: {}, seq, at }],
    })
    expect(state).toMatchObject({ status: 'completed', output: [1, 2, 3, 4, 5, 6, 7, 8, 9] })
    expect(state.steps.has('each1#2')).toBe(false)
    const heard = events.slice(seq).filter((event) => event.type === 'event_received')
    expect(heard).toHaveLength(5 - done + 1)
  })

  it('calls again anew when it called another flow', () => {
    const document = drawn(['start -> step1'])
    const perform: Play['perform'] = (node, input, action) =>
      node === 'step1' && action.do === 'perform' ? { type: 'call', flow: 'other', input: 7 } : undefined
    const first = run(document, { perform })
    expect(first.state.steps.get('step1')?.wait).toEqual({
      for: 'runs',
      calls: [{ flow: 'other', input: 7 }],
      atOnce: 1,
    })
    const seq = first.events.length + 1
    const over: RunEvent[] = [
      { type: 'run_cancelled', data: {}, seq, at },
      { type: 'run_continued', data: {}, seq: seq + 1, at },
    ]
    const { state } = run(document, { perform, history: [...first.events, ...over] })
    expect(state.steps.get('step1#2')?.status).toBe('waiting')
  })
})

function withMode(node: Play['document']['nodes'][number], mode: string): typeof node {
  return node.kind === 'each' ? { ...node, config: { ...node.config, mode } } : node
}

describe('an answer that is handed over twice', () => {
  const answer = (time: string, person?: string): Resolution => ({
    by: 'answer',
    at: time,
    answer: 'yes',
    ...(person === undefined ? {} : { person }),
  })
  const known = (...resolutions: Resolution[]) => {
    const step = run(drawn(['start -> step1'])).state.steps.get('step1')
    if (!step) throw new Error('There is no step.')
    return { ...step, resolutions }
  }

  it('is known by its time and its person', () => {
    expect(hasCome(known(answer(at, 'ana')), answer(at, 'ana'))).toBe(true)
    expect(hasCome(known(answer(at)), answer(at))).toBe(true)
    expect(hasCome(known(answer(at, 'ana')), answer(at, 'ben'))).toBe(false)
    expect(hasCome(known(answer(at, 'ana')), answer('2026-01-02T00:00:00.001Z', 'ana'))).toBe(false)
    expect(hasCome(known(), answer(at))).toBe(false)
  })

  it('is not mistaken for a time that is over', () => {
    expect(hasCome(known({ by: 'timer', at }), { by: 'timer', at })).toBe(false)
    expect(hasCome(known({ by: 'event', at, data: 1 }), { by: 'event', at, data: 1 })).toBe(true)
  })
})
