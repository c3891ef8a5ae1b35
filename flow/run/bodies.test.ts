import { describe, expect, it } from 'vitest'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play, type Play } from '../fixtures/play'
import { StepError, type Outcome } from '../kind'
import type { RunEvent } from './event'
import { rootOf } from './root'
import type { RunState } from './state'

const run = (document: Play['document'], options: Partial<Play> = {}) =>
  play({ document, kinds: testKinds, ...options })

const done = (output: unknown): Outcome => ({ type: 'done', port: 'done', output: output as never })
const ids = (state: RunState, node: string) =>
  [...state.steps.values()].filter((step) => step.node === node).map((step) => step.id)

/** Appended to a history that has ended. */
function continued(events: RunEvent[], from?: string): RunEvent[] {
  const seq = events.length + 1
  return [
    ...events,
    { type: 'run_continued', data: from === undefined ? {} : { from }, seq, at: '2026-01-02T00:00:00.000Z' },
  ]
}

const line = drawn(['start -> each1', 'each1 -> step9', 'each1/step1 -> each1/step2'], {
  each1: { config: { items: [1, 2, 3, 4] } },
})

describe('the body of a container', () => {
  it('runs once for each item, and the outputs come in the order of the items', () => {
    const { state } = run(line, {
      choose: (count) => count - 1,
      perform: (node, input) => (node === 'step2' ? done(Number(input) * 10) : undefined),
    })
    expect(state).toMatchObject({ status: 'completed', output: [10, 20, 30, 40] })
    expect(state.steps.get('each1[2]/step2')).toMatchObject({ status: 'completed', output: 30 })
  })

  it('goes on at once when there is nothing to go over', () => {
    const { state } = run(drawn(['start -> each1', 'each1/step1'], { each1: { config: { items: [] } } }))
    expect(state).toMatchObject({ status: 'completed', output: [] })
  })

  it('has no more items at work together than it may', () => {
    const document = drawn(['start -> each1', 'each1/effect1 -> each1/effect2'], {
      each1: { config: { items: [1, 2, 3, 4, 5, 6, 7], atOnce: 3 } },
    })
    const counts: number[] = []
    const { state } = run(document, { choose: (count) => (counts.push(count), count - 1) })
    expect(Math.max(...counts)).toBe(3)
    expect(state.output).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(state.atWork.size).toBe(0)
  })

  it('sees its item, its place, the steps before it and those around it', () => {
    const { graph, state } = run(line, { trigger: 'x' })
    const root = rootOf(graph, state, 'each1[1]/step2', { runId: 'r', vars: {} })
    expect(root).toMatchObject({ item: 2, index: 1, input: 2, steps: { start: 'x', step1: 2 } })
    expect(rootOf(graph, state, 'each1[1]/step1', { runId: 'r', vars: {} }).input).toBe(2)
    expect(rootOf(graph, state, 'step9', { runId: 'r', vars: {} })).not.toHaveProperty('item')
    expect(rootOf(graph, state, 'step9', { runId: 'r', vars: {} }).steps).not.toHaveProperty('step1')
  })

  it('may hold containers, to any depth', () => {
    const document = drawn(
      ['start -> each1', 'each1/each2/each3/step1', 'each1/each2/each3 -> each1/each2/step2'],
      {
        each1: { config: { items: [1, 2] } },
        each2: { config: { items: [10, 20], atOnce: 1 } },
        each3: { config: { items: [100] } },
      },
    )
    const { state, graph } = run(document, {
      perform: (node, input, action) => (node === 'step1' ? done(`${action.step}`) : undefined),
    })
    expect(ids(state, 'step1')).toEqual([
      'each1[0]/each2[0]/each3[0]/step1',
      'each1[1]/each2[0]/each3[0]/step1',
      'each1[0]/each2[1]/each3[0]/step1',
      'each1[1]/each2[1]/each3[0]/step1',
    ])
    expect(state.output).toEqual([
      [['each1[0]/each2[0]/each3[0]/step1'], ['each1[0]/each2[1]/each3[0]/step1']],
      [['each1[1]/each2[0]/each3[0]/step1'], ['each1[1]/each2[1]/each3[0]/step1']],
    ])
    const root = rootOf(graph, state, 'each1[1]/each2[0]/each3[0]/step1', { runId: 'r', vars: {} })
    expect(root).toMatchObject({ item: 100, index: 0 })
  })

  it('skips and merges inside each pass for itself', () => {
    const document = drawn(
      [
        'start -> each1',
        'each1/condition1:true -> each1/step1',
        'each1/condition1:false -> each1/step2',
        'each1/step1 -> each1/step3',
        'each1/step2 -> each1/step3',
      ],
      { each1: { config: { items: [1, 2] } } },
    )
    const { state } = run(document, {
      perform: (node, input) =>
        node === 'condition1'
          ? { type: 'done', port: input === 1 ? 'true' : 'false', output: input }
          : node === 'step1' || node === 'step2'
            ? done(`${node} of ${String(input)}`)
            : undefined,
    })
    expect(state.output).toEqual(['step1 of 1', 'step2 of 2'])
    expect(state.steps.get('each1[0]/step2')?.status).toBe('skipped')
  })

  it('jumps within one pass and leaves the others alone', () => {
    const document = drawn(
      ['start -> each1', 'each1/step1 -> each1/condition1', 'each1/condition1:true -> each1/jump1'],
      { each1: { config: { items: [1, 2] } }, jump1: { kind: 'step' } },
    )
    const { state } = run(document, {
      perform: (node, input, action) => {
        if (node === 'jump1') return { type: 'jump', to: 'step1', atMost: 5, output: null }
        const again = action.scope === 'each1[1]' && action.round < 3
        if (node === 'condition1') return { type: 'done', port: again ? 'true' : 'false', output: input }
        return undefined
      },
    })
    expect(ids(state, 'step1')).toEqual([
      'each1[0]/step1',
      'each1[1]/step1',
      'each1[1]/step1#2',
      'each1[1]/step1#3',
    ])
    expect(state.status).toBe('completed')
  })

  it('refuses a jump out of it', () => {
    const { state } = run(line, {
      perform: (node) =>
        node === 'step2' ? { type: 'jump', to: 'start', atMost: 5, output: null } : undefined,
    })
    expect(state).toMatchObject({ status: 'failed', error: { code: 'jump_target_missing' } })
  })

  it('ends the whole run when a step inside says so', () => {
    const { state } = run(line, {
      perform: (node, input) =>
        node === 'step2' && input === 3 ? { type: 'end', status: 'completed', output: 'found' } : undefined,
    })
    expect(state).toMatchObject({ status: 'completed', output: 'found', openCount: 0 })
    expect(state.steps.get('each1')?.status).toBe('cancelled')
  })
})

describe('an item that fails', () => {
  const failing = (onItemError: string, patch: object = {}) =>
    drawn(['start -> each1', 'each1:error -> step8', 'each1/step1 -> each1/step2'], {
      each1: { config: { items: [1, 2, 3], onItemError }, ...patch },
    })
  const perform: Play['perform'] = (node, input) => {
    if (node === 'step1' && input === 2) throw new StepError('boom', 'Bang.')
    return undefined
  }

  it('stops the others and fails the container, and the run names the step inside', () => {
    const { state } = run(failing('stop'), { perform, choose: (count) => count - 1 })
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'boom', step: 'each1[1]/step1', attempt: 1 },
    })
    expect(state.steps.get('each1[1]/step1')).toMatchObject({ status: 'failed', handled: 'item' })
    expect(state.steps.get('each1')).toMatchObject({ status: 'failed', handled: 'fail' })
    expect(state.steps.get('each1[0]/step1')).toBeUndefined()
    expect(state.openCount).toBe(0)
  })

  it('takes the error port of the container', () => {
    const { state } = run(failing('stop', { onError: 'route' }), { perform })
    expect(state).toMatchObject({ status: 'completed', output: { code: 'boom', step: 'each1' } })
  })

  it('is left out with skip', () => {
    const { state } = run(failing('skip'), { perform })
    expect(state).toMatchObject({ status: 'completed', output: [1, 3] })
  })

  it('is told in its place with collect', () => {
    const { state } = run(failing('collect'), { perform })
    expect(state.output).toEqual([1, { error: { code: 'boom', message: 'Bang.' } }, 3])
  })

  it('takes with it what else goes on in its pass', () => {
    const document = drawn(['start -> each1', 'each1/step1', 'each1/effect1'], {
      each1: { config: { items: [1, 2], onItemError: 'skip' } },
    })
    const { state } = run(document, {
      perform: (node, input, action) => {
        if (node === 'step1')
          return { type: 'wait', wait: { for: 'timer', until: '2030-01-01T00:00:00.000Z' } }
        if (action.step === 'each1[0]/effect1') throw new StepError('boom', 'Bang.')
        return undefined
      },
    })
    expect(state.steps.get('each1[0]/step1')?.status).toBe('cancelled')
    expect(state.steps.get('each1[1]/step1')?.status).toBe('waiting')
    expect(state.status).toBe('running')
  })

  it('goes on by an error port inside, and its pass has not failed', () => {
    const document = drawn(['start -> each1', 'each1/effect1:error -> each1/step1'], {
      each1: { config: { items: [1, 2] } },
      effect1: { onError: 'route' },
    })
    const { state } = run(document, {
      perform: (node, input, action) => {
        if (action.step === 'each1[0]/effect1') throw new StepError('boom', 'Bang.')
        return undefined
      },
    })
    expect(state.output).toMatchObject([{ code: 'boom', step: 'each1[0]/effect1' }, 2])
  })

  it('fails the container around its container', () => {
    const document = drawn(['start -> each1', 'each1/each2/step1'], {
      each1: { config: { items: [1, 2], onItemError: 'collect' } },
      each2: { config: { items: [1, 2] } },
    })
    const { state } = run(document, {
      perform: (node, input, action) => {
        if (action.step === 'each1[0]/each2[1]/step1') throw new StepError('boom', 'Bang.')
        return undefined
      },
    })
    expect(state.output).toEqual([{ error: { code: 'boom', message: 'Bang.' } }, [1, 2]])
    expect(state.steps.get('each1')?.resolutions).toMatchObject([
      { results: [{ error: { step: 'each1[0]/each2[1]/step1' } }, { output: [1, 2] }] },
    ])
  })

  it('is tried again by the policy of its step, not of the container', () => {
    const document = drawn(['start -> each1', 'each1/step1'], {
      each1: { config: { items: [1, 2] }, retry: { maxAttempts: 1 } },
      step1: { retry: { maxAttempts: 3 } },
    })
    const { state } = run(document, {
      perform: (node, input, action) => {
        if (node === 'step1' && action.attempt < 3) throw new StepError('boom', 'Bang.')
        return undefined
      },
    })
    expect(state.output).toEqual([1, 2])
    expect(state.steps.get('each1[1]/step1')?.attempt).toBe(3)
  })
})

describe('a continuation inside a container', () => {
  const document = drawn(
    ['start -> each1', 'each1 -> step9', 'each1/step1 -> each1/effect1', 'each1/effect1 -> each1/step2'],
    {
      each1: { config: { items: [1, 2, 3], atOnce: 2 } },
    },
  )
  const broken: Play['perform'] = (node, input) => {
    if (node === 'effect1' && input === 2) throw new StepError('boom', 'Bang.')
    return undefined
  }

  it('does again only what had failed or had not been done', () => {
    const failed = run(document, { perform: broken })
    expect(failed.state.status).toBe('failed')
    const performed: string[] = []
    const { state } = run(document, {
      history: continued(failed.events),
      perform: (node, input, action) => (performed.push(`${action.do} ${action.step}`), undefined),
    })
    expect(state).toMatchObject({ status: 'completed', output: [1, 2, 3] })
    expect(performed).not.toContain('perform each1[0]/step1')
    expect(performed).toContain('perform each1[1]/effect1#2')
    expect(performed).toContain('perform each1[2]/step1')
    expect(performed.filter((one) => one.endsWith(' each1'))).toEqual(['resume each1'])
  })

  it('goes on after a cancellation with the items that were left', () => {
    const first = run(document, { maxActions: 7 })
    expect(first.state.status).toBe('running')
    const seq = first.events.length + 1
    const cancelled: RunEvent = { type: 'run_cancelled', data: {}, seq, at: '2026-01-01T10:00:00.000Z' }
    const { state } = run(document, { history: continued([...first.events, cancelled]) })
    expect(state).toMatchObject({ status: 'completed', output: [1, 2, 3] })
    expect(ids(state, 'step1')).toHaveLength(3)
  })

  it('begins again at a step of one item, even when all were done', () => {
    const all = run(document)
    const performed: string[] = []
    const { state } = run(document, {
      history: continued(all.events, 'each1[1]/effect1'),
      perform: (node, input, action) => {
        performed.push(action.step)
        return node === 'effect1' ? done('other') : undefined
      },
    })
    expect(performed).toEqual(['each1[1]/effect1#2', 'each1[1]/step2#2', 'each1', 'step9#2'])
    expect(state.output).toEqual([1, 'other', 3])
  })

  it('begins the whole container again when it is named', () => {
    const all = run(document)
    const { state } = run(document, { history: continued(all.events, 'each1') })
    expect(ids(state, 'each1')).toEqual(['each1', 'each1#2'])
    expect(state.steps.get('each1#2[2]/step2')?.output).toBe(3)
  })

  it('leaves items alone that failed and were left out', () => {
    const skipping = {
      ...document,
      nodes: document.nodes.map((node) =>
        node.id === 'each1' ? { ...node, config: { ...node.config, onItemError: 'skip' } } : node,
      ),
    }
    const first = run(skipping, {
      perform: (node, input, action, step) => {
        if (node === 'step9') throw new StepError('later', 'Later.')
        return broken(node, input, action, step)
      },
    })
    expect(first.state).toMatchObject({ status: 'failed', error: { code: 'later' } })
    const { state } = run(skipping, { history: continued(first.events) })
    expect(state.output).toEqual([1, 3])
    expect(ids(state, 'effect1')).toHaveLength(3)
  })
})
