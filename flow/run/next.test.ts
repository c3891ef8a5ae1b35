import { describe, expect, it } from 'vitest'
import { drawn as flow } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import { StepError } from '../kind'

const order = (state: ReturnType<typeof play>['state']) =>
  [...state.steps.values()].filter((step) => step.status === 'completed').map((step) => step.id)

const byPort = (ports: Record<string, string | string[]>) => (node: string, input: unknown) => ({
  type: 'done' as const,
  port: ports[node] ?? 'done',
  output: input as never,
})

describe('next', () => {
  it('runs a line of steps in order and ends with the output of the last', () => {
    const { state } = play({
      document: flow(['start -> step1', 'step1 -> step2']),
      kinds: testKinds,
      perform: (node) => ({ type: 'done', port: 'done', output: `from ${node}` }),
    })
    expect(order(state)).toEqual(['start', 'step1', 'step2'])
    expect(state).toMatchObject({ status: 'completed', output: 'from step2' })
  })

  it('offers all branches at once, and waits for all before what joins them', () => {
    const document = flow(['start -> step1', 'start -> step2', 'step1 -> step3', 'step2 -> step3'])
    const seen: number[] = []
    const { state } = play({ document, kinds: testKinds, choose: (count) => (seen.push(count), count - 1) })
    expect(seen).toEqual([1, 2, 1, 1, 1, 0])
    expect(state.steps.get('step3')?.order).toBe(4)
    expect(state.output).toEqual({ step1: {}, step2: {} })
  })

  it('skips the branch not taken and merges behind it', () => {
    const document = flow([
      'start -> condition',
      'condition:true -> step1',
      'condition:false -> step2',
      'step1 -> step3',
      'step2 -> step3',
    ])
    const { state } = play({ document, kinds: testKinds, perform: byPort({ condition: 'true' }) })
    expect(state.steps.get('step2')?.status).toBe('skipped')
    expect(state.steps.get('step3')?.status).toBe('completed')
  })

  it('skips everything behind a dead branch', () => {
    const document = flow(['start -> condition', 'condition:false -> step1', 'step1 -> step2'])
    const { state } = play({ document, kinds: testKinds, perform: byPort({ condition: 'true' }) })
    expect([...state.steps.values()].map((step) => step.status)).toEqual([
      'completed',
      'completed',
      'skipped',
      'skipped',
    ])
    expect(state.status).toBe('completed')
  })

  it('starts from the trigger that fired and leaves the others and what only they lead to', () => {
    const document = flow(['start -> step1', 'webhook -> step2', 'step1 -> step3', 'step2 -> step3'])
    const { state } = play({ document, kinds: testKinds, node: 'webhook' })
    expect(order(state)).toEqual(['webhook', 'step2', 'step3'])
    expect(state.steps.get('step1')?.status).toBe('skipped')
  })

  it('goes on at the first arrival with join any, and ignores the later ones', () => {
    const document = flow(['start -> step1', 'start -> step2', 'step1 -> step3', 'step2 -> step3'], {
      step3: { join: 'any' },
    })
    const { state } = play({ document, kinds: testKinds, choose: (count) => count - 1 })
    expect(order(state)).toEqual(['start', 'step2', 'step3', 'step1'])
  })

  it('goes on when enough have arrived with a count', () => {
    const lines = ['start -> step1', 'start -> step2', 'start -> step3', 'step1 -> step4', 'step2 -> step4']
    const document = flow([...lines, 'step3 -> step4'], { step4: { join: { count: 2 } } })
    const { state } = play({ document, kinds: testKinds })
    expect(order(state)).toEqual(['start', 'step1', 'step2', 'step3', 'step4'])
  })

  it('skips a join whose count can no longer be reached', () => {
    const document = flow(
      [
        'start -> condition',
        'condition:true -> step1',
        'condition:false -> step2',
        'step1 -> step3',
        'step2 -> step3',
      ],
      { step3: { join: { count: 2 } } },
    )
    const { state } = play({ document, kinds: testKinds, perform: byPort({ condition: 'true' }) })
    expect(state.steps.get('step3')?.status).toBe('skipped')
  })

  it('yields an object by node when several steps are last', () => {
    const { state } = play({
      document: flow(['start -> step1', 'start -> step2']),
      kinds: testKinds,
      trigger: 1,
    })
    expect(state.output).toEqual({ step1: 1, step2: 1 })
  })

  it('takes several ports at once', () => {
    const document = flow(['start -> parallel', 'parallel:a -> step1', 'parallel:b -> step2'])
    const { state } = play({ document, kinds: testKinds, perform: byPort({ parallel: ['a', 'b'] }) })
    expect(order(state)).toEqual(['start', 'parallel', 'step1', 'step2'])
  })

  it('lets no more branches of a parallel be at work at once than its limit', () => {
    const lines = ['a', 'b', 'c'].flatMap((port) => [
      `parallel:${port} -> step1${port}`,
      `step1${port} -> effect1${port}`,
      `effect1${port} -> join`,
    ])
    const document = flow(['start -> parallel', ...lines], {
      parallel: { config: { branches: ['a', 'b', 'c'], limit: 2 } },
    })
    const atWork: number[] = []
    const { state } = play({
      document,
      kinds: testKinds,
      choose: (count) => (atWork.push(count), count - 1),
      perform: byPort({ parallel: ['a', 'b', 'c'] }),
    })
    expect(Math.max(...atWork)).toBe(2)
    expect(state.status).toBe('completed')
    expect(order(state)).toHaveLength(9)
  })

  it('fails the run with step, attempt and code, and cancels what still waits', () => {
    const document = flow(['start -> step1', 'start -> effect1'])
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) => {
        if (node === 'step1')
          return { type: 'wait', wait: { for: 'timer', until: '2030-01-01T00:00:00.000Z' } }
        if (node === 'effect1') throw new StepError('boom', 'Bang.')
        return { type: 'done', port: 'done', output: input }
      },
    })
    expect(state).toMatchObject({ status: 'failed', error: { step: 'effect1', attempt: 1, code: 'boom' } })
    expect(state.steps.get('step1')?.status).toBe('cancelled')
    expect(state.openCount).toBe(0)
  })

  it('takes the error port when errors are routed, with the error as its output', () => {
    const document = flow(['start -> effect1', 'effect1 -> step1', 'effect1:error -> step2'], {
      effect1: { onError: 'route' },
    })
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) => {
        if (node === 'effect1') throw new StepError('boom', 'Bang.')
        return { type: 'done', port: 'done', output: input }
      },
    })
    expect(state.output).toEqual({ code: 'boom', message: 'Bang.', step: 'effect1', attempt: 1 })
    expect(state.steps.get('step1')?.status).toBe('skipped')
  })

  it('goes on with null when errors are passed over', () => {
    const document = flow(['start -> effect1', 'effect1 -> step1'], { effect1: { onError: 'continue' } })
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) => {
        if (node === 'effect1') throw new StepError('boom', 'Bang.')
        return { type: 'done', port: 'done', output: input }
      },
    })
    expect(state).toMatchObject({ status: 'completed', output: null })
  })

  it('tries again as often as the policy says and keeps the errors', () => {
    const document = flow(['start -> effect1'], { effect1: { retry: { maxAttempts: 3 } } })
    const { state, events } = play({
      document,
      kinds: testKinds,
      perform: (node, input, action) => {
        if (node === 'effect1' && action.attempt < 3) throw new StepError('boom', `Bang ${action.attempt}.`)
        return { type: 'done', port: 'done', output: input }
      },
    })
    expect(state.steps.get('effect1')).toMatchObject({ status: 'completed', attempt: 3 })
    expect(state.steps.get('effect1')?.retries.map((retry) => retry.error.message)).toEqual([
      'Bang 1.',
      'Bang 2.',
    ])
    expect(events.filter((event) => event.type === 'step_retrying')).toHaveLength(2)
  })

  it('waits without anything to do until the answer is there, then resumes', () => {
    const document = flow(['start -> step1'])
    const perform = (node: string, input: unknown, action: { do: string }) =>
      node === 'step1' && action.do === 'perform'
        ? ({ type: 'wait', wait: { for: 'answer', title: 'May I?' } } as const)
        : ({
            type: 'done',
            port: 'done',
            output: action.do === 'resume' ? 'answered' : (input as never),
          } as const)
    const first = play({ document, kinds: testKinds, perform })
    expect(first.state.status).toBe('running')
    expect(first.state.steps.get('step1')?.status).toBe('waiting')
    const answer = {
      type: 'answer_received' as const,
      step: 'step1',
      data: { resolution: { by: 'answer' as const, at: '2026-01-01T00:00:00.000Z', answer: true } },
      seq: first.events.length + 1,
      at: '2026-01-01T00:00:00.000Z',
    }
    const second = play({ document, kinds: testKinds, perform, history: [...first.events, answer] })
    expect(second.state).toMatchObject({ status: 'completed', output: 'answered' })
  })

  it('runs the steps from a jump target on again, as a new round, and keeps the earlier one', () => {
    const document = flow([
      'start -> step1',
      'step1 -> condition',
      'condition:true -> jump1',
      'condition:false -> step2',
    ])
    let rounds = 0
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) => {
        if (node === 'jump1') return { type: 'jump', to: 'step1', atMost: 5, output: null }
        if (node === 'step1') return { type: 'done', port: 'done', output: ++rounds }
        if (node === 'condition') return { type: 'done', port: rounds < 3 ? 'true' : 'false', output: input }
        return { type: 'done', port: 'done', output: input }
      },
    })
    expect(state).toMatchObject({ status: 'completed', output: 3, roundCount: 2 })
    expect([...state.steps.keys()].filter((id) => id.startsWith('step1'))).toEqual([
      'step1',
      'step1#2',
      'step1#3',
    ])
    expect([...state.steps.values()].find((step) => step.node === 'step2')?.status).toBe('completed')
  })

  it('fails a jump that was made too often', () => {
    const document = flow(['start -> step1', 'step1 -> jump1'])
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) =>
        node === 'jump1'
          ? { type: 'jump', to: 'step1', atMost: 4, output: null }
          : { type: 'done', port: 'done', output: input },
    })
    expect(state).toMatchObject({ status: 'failed', error: { code: 'rounds_exceeded' }, roundCount: 4 })
  })

  it('goes on by the way out for when it may jump no more', () => {
    const document = flow(['start -> step1', 'step1 -> jump1', 'jump1:exceeded -> step2'])
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node) =>
        node === 'jump1'
          ? { type: 'jump', to: 'step1', atMost: 2, output: 'left', exceeded: 'exceeded' }
          : undefined,
    })
    expect(state).toMatchObject({ status: 'completed', roundCount: 2, output: 'left' })
    expect(order(state).at(-1)).toBe('step2')
  })

  it('lets an inner jump jump as often as it may in each round of an outer one', () => {
    const document = flow([
      'start -> step1',
      'step1 -> step2',
      'step2 -> jump1',
      'jump1:exceeded -> step3',
      'step3 -> jump2',
      'jump2:exceeded -> step4',
    ])
    const jump = (to: string) =>
      ({ type: 'jump', to, atMost: 2, output: null, exceeded: 'exceeded' }) as const
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node) => (node === 'jump1' ? jump('step2') : node === 'jump2' ? jump('step1') : undefined),
    })
    expect(state.status).toBe('completed')
    const times = (node: string) => order(state).filter((id) => id.split('#')[0] === node).length
    expect([times('step1'), times('step2'), times('step4')]).toEqual([3, 9, 1])
  })

  it('repeats a step at once', () => {
    const { state } = play({
      document: flow(['start -> step1', 'step1 -> step2']),
      kinds: testKinds,
      perform: (node, input, action) =>
        node === 'step1' && action.round < 3
          ? { type: 'repeat', output: null }
          : { type: 'done', port: 'done', output: input },
    })
    expect(state.status).toBe('completed')
    expect(state.steps.get('step1#3')?.status).toBe('completed')
  })

  it('ends the run at once on an end, with its status code', () => {
    const document = flow(['start -> complete', 'start -> step1'])
    const { state } = play({
      document,
      kinds: testKinds,
      perform: (node, input) =>
        node === 'complete'
          ? { type: 'end', status: 'completed', output: 'early', httpStatus: 201 }
          : { type: 'done', port: 'done', output: input },
    })
    expect(state).toMatchObject({ status: 'completed', output: 'early', httpStatus: 201 })
    expect(state.steps.has('step1')).toBe(false)
  })

  it('goes on after a continuation from the failed step and keeps what others did', () => {
    const document = flow(['start -> step1', 'step1 -> effect1', 'effect1 -> step2'])
    let broken = true
    const perform = (node: string, input: unknown) => {
      if (node === 'effect1' && broken) throw new StepError('boom', 'Bang.')
      return { type: 'done' as const, port: 'done', output: `${node}(${String(input)})` }
    }
    const failed = play({ document, kinds: testKinds, trigger: 'x', perform })
    broken = false
    const continued = {
      type: 'run_continued' as const,
      data: {},
      seq: failed.events.length + 1,
      at: '2026-01-01T01:00:00.000Z',
    }
    const { state } = play({ document, kinds: testKinds, perform, history: [...failed.events, continued] })
    expect(state).toMatchObject({ status: 'completed', output: 'step2(effect1(step1(start(x))))' })
    expect(state.steps.get('effect1')?.status).toBe('failed')
    expect(state.steps.get('effect1#2')?.status).toBe('completed')
    expect(state.steps.has('step1#2')).toBe(false)
  })
})
