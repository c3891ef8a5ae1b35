import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { replay } from '@/flow/run/replay'
import { kinds } from '@/nodes/definitions'
import { inSight, passCounts, passesOf, picksOf, withPick } from './passes'

describe('picks', () => {
  it('show what is outside of the container, and of its items the picked one', () => {
    const picks = picksOf('a[1]/b[0]')
    expect(inSight('', picks)).toBe(true)
    expect(inSight('a[1]', picks)).toBe(true)
    expect(inSight('a[1]/b[0]', picks)).toBe(true)
    expect(inSight('a[1]/b[2]', picks)).toBe(false)
    expect(inSight('a[0]/b[0]', picks)).toBe(false)
    expect(inSight('other[7]', picks)).toBe(true)
  })

  it('of an inner container go with another item of the outer one', () => {
    const picks = withPick(picksOf('a[1]/b[0]'), 'a', 'a[2]')
    expect([...picks]).toEqual([['a', 'a[2]']])
    expect([...withPick(picks, 'b', 'a[2]/b[3]')]).toEqual([
      ['a', 'a[2]'],
      ['b', 'a[2]/b[3]'],
    ])
    expect([...withPick(picksOf('a[1]/b[0]'), 'a', null)]).toEqual([])
  })
})

describe('the items of a run', () => {
  const document = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'start', kind: 'start' },
      { id: 'each', kind: 'for_each', config: { items: '[10, 20, 30]' } },
      { id: 'say', kind: 'text', parent: 'each', config: { text: 'hi' } },
    ],
    edges: [{ from: 'start', to: 'each' }],
  })
  const at = '2026-01-01T00:00:00.000Z'
  const head = { flow: 'f', version: null, number: 1, node: 'start', cause: 'manual', trigger: {}, state: {} }
  const state = replay(graphOf(document, kinds), [
    { seq: 1, at, type: 'run_started', data: head },
    { seq: 2, at, type: 'step_completed', step: 'start', data: { port: 'done', output: {} } },
    {
      seq: 3,
      at,
      type: 'step_waiting',
      step: 'each',
      data: { wait: { for: 'body', items: [10, 20, 30], first: 0, atOnce: 3, onItemError: 'skip' } },
    },
    { seq: 4, at, type: 'step_completed', step: 'each[0]/say', data: { port: 'done', output: 'hi' } },
    {
      seq: 5,
      at,
      type: 'step_failed',
      step: 'each[2]/say',
      data: { attempt: 1, error: { code: 'bad', message: 'Bad.' }, handled: 'item' },
    },
  ])

  it('are counted by what became of them', () => {
    expect(passCounts(state, new Map()).get('each')).toEqual({ all: 3, done: 1, failed: 1 })
  })

  it('are listed with the failed ones first', () => {
    expect(
      passesOf(state, 'each', new Map()).map(({ index, status, item }) => [index, status, item]),
    ).toEqual([
      [2, 'failed', 30],
      [1, 'going', 20],
      [0, 'done', 10],
    ])
  })
})
