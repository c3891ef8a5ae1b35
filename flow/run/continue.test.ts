import { describe, expect, it } from 'vitest'
import type { FlowDocument } from '../document'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play, type Play } from '../fixtures/play'
import { StepError } from '../kind'
import type { RunEvent } from './event'

const broken: Play['perform'] = (node) => {
  if (node === 'effect1') throw new StepError('boom', 'Bang.')
  return undefined
}
const kinds = testKinds

/** Runs one drawing until it fails or ends, then continues on another; says what was performed after that. */
function continueOn(
  before: FlowDocument,
  after: FlowDocument,
  from?: string,
  perform: Play['perform'] = broken,
) {
  const first = play({ document: before, kinds, perform })
  const seq = first.events.length + 1
  const data = from === undefined ? {} : { from }
  const continued: RunEvent = { type: 'run_continued', data, seq, at: '2026-01-02T00:00:00.000Z' }
  const performed: string[] = []
  const second = play({
    document: after,
    kinds,
    history: [...first.events, continued],
    perform: (node, input, action) => {
      performed.push(action.step)
      return { type: 'done', port: 'done', output: [node, input] as never }
    },
  })
  return { ...second, performed, before: first.state }
}

const line = ['start -> step1', 'step1 -> effect1', 'effect1 -> step2']

describe('a continuation', () => {
  it('keeps a parallel branch that was done, and does the failed one again with what follows', () => {
    const lines = [
      'start -> step1',
      'step1 -> join1',
      'start -> effect1',
      'effect1 -> join1',
      'join1 -> step3',
    ]
    const { performed, state } = continueOn(drawn(lines), drawn(lines))
    expect(performed).toEqual(['effect1#2', 'join1', 'step3'])
    expect(state.status).toBe('completed')
  })

  it('begins at an earlier step, and keeps what does not follow it', () => {
    const lines = [...line, 'start -> step5']
    const { performed } = continueOn(drawn(lines), drawn(lines), 'step1')
    expect(performed).toEqual(
      ['step1#2', 'step5', 'effect1#2', 'step2'].filter((id) => performed.includes(id)),
    )
    expect(performed).not.toContain('start#2')
  })

  it('goes on behind a failed step when that is asked for', () => {
    const { performed, state } = continueOn(drawn(line), drawn(line), 'step2')
    expect(performed).toEqual(['step2'])
    expect(state.steps.get('effect1')?.status).toBe('failed')
    expect(state.status).toBe('completed')
  })

  it('runs a step that was put before the failed one first', () => {
    const edited = drawn(['start -> step1', 'step1 -> step4', 'step4 -> effect1', 'effect1 -> step2'])
    expect(continueOn(drawn(line), edited).performed).toEqual(['step4', 'effect1#2', 'step2'])
    expect(continueOn(drawn(line), edited, 'effect1').performed).toEqual(['step4', 'effect1#2', 'step2'])
  })

  it('goes round a failed step that was taken out', () => {
    const edited = drawn(['start -> step1', 'step1 -> step2'])
    const { performed, state } = continueOn(drawn(line), edited)
    expect(performed).toEqual(['step2'])
    expect(state.output).toEqual(['step2', {}])
  })

  it('follows lines that were drawn anew', () => {
    const edited = drawn([...line, 'step1 -> step6'])
    expect(continueOn(drawn(line), edited).performed.sort()).toEqual(['effect1#2', 'step2', 'step6'])
  })

  it('runs what was added behind a step that had been the last', () => {
    const { performed } = continueOn(drawn(line), drawn([...line, 'start -> step7']), 'effect1')
    expect(performed.sort()).toEqual(['effect1#2', 'step2', 'step7'])
  })

  it('may be done twice, on a drawing that changed each time', () => {
    const once = continueOn(drawn(line), drawn(line))
    const seq = once.events.length + 1
    const again: RunEvent = {
      type: 'run_continued',
      data: { from: 'step1' },
      seq,
      at: '2026-01-03T00:00:00.000Z',
    }
    const edited = drawn([...line, 'step2 -> step8'])
    const { state } = play({ document: edited, kinds, history: [...once.events, again] })
    expect(state.status).toBe('completed')
    expect(state.steps.get('effect1#3')?.status).toBe('completed')
    expect(state.steps.get('step8')?.status).toBe('completed')
  })

  it('goes over the items again when the inside of their container was drawn anew', () => {
    const items = { each1: { config: { items: [1, 2] } } }
    const before = drawn(['start -> each1', 'each1/step1 -> each1/effect1'], items)
    const after = drawn(
      ['start -> each1', 'each1/step1 -> each1/step3', 'each1/step3 -> each1/effect1'],
      items,
    )
    const first = play({ document: before, kinds, perform: broken })
    expect(first.state.error?.step).toBe('each1[0]/effect1')
    const seq = first.events.length + 1
    const at = '2026-01-02T00:00:00.000Z'
    const { state } = play({
      document: after,
      kinds,
      history: [...first.events, { type: 'run_continued', data: {}, seq, at }],
    })
    expect(state).toMatchObject({ status: 'completed', output: [1, 2] })
    expect(state.steps.get('each1[0]/step3')?.status).toBe('completed')
    expect(state.steps.has('each1[0]/step1#2')).toBe(false)
  })

  it('takes no harm from a step that is nowhere in the drawing any more', () => {
    const { state } = continueOn(drawn(line), drawn(['start -> step1']), 'effect1')
    expect(state).toMatchObject({ status: 'completed', openCount: 0 })
  })

  it('jumps as often again as it may', () => {
    const looped = drawn(['start -> step1', 'step1 -> jump1'])
    const jump: Play['perform'] = (node) =>
      node === 'jump1' ? { type: 'jump', to: 'step1', atMost: 2, output: null } : undefined
    const first = play({ document: looped, kinds, perform: jump })
    expect(first.state).toMatchObject({ status: 'failed', error: { code: 'rounds_exceeded' } })
    const seq = first.events.length + 1
    const data = { from: 'step1' }
    const at = '2026-01-02T00:00:00.000Z'
    const history: RunEvent[] = [...first.events, { type: 'run_continued', data, seq, at }]
    const second = play({ document: looped, kinds, perform: jump, history })
    expect([...second.state.steps.keys()].filter((id) => id.startsWith('step1'))).toHaveLength(6)
  })
})
