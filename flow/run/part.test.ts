import { describe, expect, it } from 'vitest'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import type { RunPart } from './event'

const document = drawn([
  'start -> a',
  'a -> b',
  'b -> meet',
  'a -> c',
  'c -> each1',
  'each1/inside',
  'each1 -> meet',
  'meet -> d',
])
const kindOf = (id: string) => (id === 'start' || id === 'each1' ? {} : { kind: 'step' })
const flow = {
  ...document,
  nodes: document.nodes.map((node) => ({ ...node, ...kindOf(node.id) })),
}

const done = (output: string) => ({ port: 'done', output })

function run(part: RunPart) {
  const { state } = play({
    document: flow,
    kinds: testKinds,
    trigger: 'in',
    started: { part },
    perform: (node, input) =>
      node === 'each1' ? undefined : { type: 'done', port: 'done', output: `${node}(${text(input)})` },
  })
  const performed = [...state.steps.values()].filter((step) => step.instead !== 'given')
  return { ids: performed.map((step) => step.id), output: state.output, status: state.status }
}

function text(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input)
}

describe('a run of a part', () => {
  it('until a step runs only what that needs, and yields its output', () => {
    expect(run({ until: 'b' })).toEqual({
      ids: ['start', 'a', 'b'],
      output: 'b(a(start(in)))',
      status: 'completed',
    })
  })

  it('from a step runs what follows, with what was given of the steps before', () => {
    const { ids, output } = run({ from: 'b', given: { a: done('A'), each1: done('E') } })
    expect(ids).toEqual(['b', 'meet', 'd'])
    expect(output).toBe('d(meet({"b":"b(A)","each1":"E"}))')
  })

  it('does not wait for branches that are left out', () => {
    expect(run({ from: 'b', given: { a: done('A') } }).output).toBe('d(meet(b(A)))')
  })

  it('of one step runs that alone', () => {
    expect(run({ from: 'meet', until: 'meet', given: { b: done('B') } })).toEqual({
      ids: ['meet'],
      output: 'meet(B)',
      status: 'completed',
    })
  })

  it('needs nothing that only the given steps need', () => {
    expect(run({ until: 'meet', given: { b: done('B'), each1: done('E') } }).ids).toEqual(['meet'])
    expect(run({ until: 'meet', given: { each1: done('E') } }).ids).toEqual(['start', 'a', 'b', 'meet'])
  })

  it('takes a step inside a container for the container', () => {
    expect(run({ until: 'inside' }).ids).toEqual(['start', 'a', 'c', 'each1'])
  })
})
