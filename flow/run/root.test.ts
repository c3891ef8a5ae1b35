import { describe, expect, it } from 'vitest'
import { documentSchema } from '../document'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import { StepError } from '../kind'
import { inputOf, rootOf } from './root'

const document = documentSchema.parse({
  millrace: 1,
  id: 'rooted',
  state: { count: 1 },
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'one', kind: 'step' },
    { id: 'two', kind: 'effect', onError: 'route' },
    { id: 'both', kind: 'step' },
    { id: 'rescue', kind: 'step' },
    { id: 'after', kind: 'step' },
  ],
  edges: [
    { from: 'start', to: 'one' },
    { from: 'start', to: 'two' },
    { from: 'one', to: 'both' },
    { from: 'two', to: 'both' },
    { from: 'two', port: 'error', to: 'rescue' },
    { from: 'rescue', to: 'after' },
  ],
})
const extras = { runId: 'r1', vars: { region: 'eu' } }

const run = (fails: boolean) =>
  play({
    document,
    kinds: testKinds,
    trigger: { customer: 7 },
    perform: (node, input) => {
      if (node === 'two' && fails) throw new StepError('boom', 'Bang.')
      return { type: 'done', port: 'done', output: node === 'start' ? input : `out of ${node}` }
    },
  })

describe('inputOf', () => {
  it('is the run input for the trigger', () => {
    const { graph, state } = run(false)
    expect(inputOf(graph, state, 'start').input).toEqual({ customer: 7 })
  })

  it('is the output of the one step before', () => {
    const { graph, state } = run(false)
    expect(inputOf(graph, state, 'one')).toEqual({
      input: { customer: 7 },
      inputs: { start: { customer: 7 } },
    })
  })

  it('is an object by node when several came', () => {
    const { graph, state } = run(false)
    expect(inputOf(graph, state, 'both').input).toEqual({ one: 'out of one', two: 'out of two' })
  })

  it('counts only what is live', () => {
    const { graph, state } = run(true)
    expect(inputOf(graph, state, 'both').input).toBe('out of one')
  })
})

describe('rootOf', () => {
  it('has the outputs, the state, the run and the variables', () => {
    const { graph, state } = run(false)
    const root = rootOf(graph, state, 'both', extras)
    expect(root).toMatchObject({
      trigger: { customer: 7 },
      steps: { one: 'out of one', two: 'out of two' },
      state: { count: 1 },
      vars: { region: 'eu' },
      run: { id: 'r1', flow: 'rooted', number: 1, steps: { one: { status: 'completed', attempts: 1 } } },
    })
    expect(root).not.toHaveProperty('error')
  })

  it('has the error behind an error port, however far behind', () => {
    const { graph, state } = run(true)
    const error = { code: 'boom', message: 'Bang.', step: 'two', attempt: 1 }
    expect(rootOf(graph, state, 'rescue', extras).error).toEqual(error)
    expect(rootOf(graph, state, 'after', extras).error).toEqual(error)
    expect(rootOf(graph, state, 'both', extras)).not.toHaveProperty('error')
  })

  it('leaves out steps that did not run', () => {
    const { graph, state } = run(false)
    expect(rootOf(graph, state, 'after', extras).steps).not.toHaveProperty('rescue')
  })
})
