import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocument } from '../document'
import { testKinds } from '../fixtures/kinds'
import { play } from '../fixtures/play'
import { graphOf } from '../graph'
import { StepError, type Outcome } from '../kind'
import { next } from './next'
import { extend, replay } from './replay'
import type { RunState } from './state'

/** Random graphs without cycles: conditions, parallel branches, joins of every sort, error routes, dead ends. */
const anyFlow: fc.Arbitrary<FlowDocument> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('step', 'effect', 'condition', 'parallel'),
      from: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2)), { minLength: 1, maxLength: 3 }),
      join: fc.constantFrom('all', 'any', { count: 2 }),
      onError: fc.constantFrom('continue', 'route'),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((steps) => {
    const nodes = [
      { id: 'start', kind: 'start' },
      ...steps.map(({ kind, join, onError }, index) => ({ id: `${kind}${index}`, kind, join, onError })),
    ]
    const edges = steps.flatMap(({ from }, index) =>
      from.map(([before, choice]) => {
        const source = nodes[before % (index + 1)]!
        const ports =
          { condition: ['true', 'false'], parallel: ['a', 'b'], effect: ['done', 'error'] }[source.kind] ?? []
        return { from: source.id, port: ports[choice % 2] ?? 'done', to: nodes[index + 1]!.id }
      }),
    )
    const unique = [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()]
    return documentSchema.parse({ millrace: 1, id: 'any', nodes, edges: unique })
  })

/** What a step does depends on its id alone, so that only the order can differ between two plays. */
function perform(node: string, input: unknown): Outcome {
  const digit = Number(/\d+$/.exec(node)?.[0] ?? 0)
  if (node.startsWith('effect') && digit % 3 === 0) throw new StepError('boom', 'Bang.')
  const port = node.startsWith('condition') ? (digit % 2 === 0 ? 'true' : 'false') : 'done'
  return {
    type: 'done',
    port: node.startsWith('parallel') ? ['a', 'b'] : port,
    output: [node, input] as never,
  }
}

const outputs = (state: RunState) =>
  Object.fromEntries([...state.steps.values()].map((step) => [step.id, [step.status, step.output]]))

describe('replay', () => {
  it('brings every run to an end with nothing left open', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        const { state } = play({ document, kinds: testKinds, perform })
        expect(state.status).toBe('completed')
        expect(state.openCount).toBe(0)
        expect(state.steps.size).toBe(document.nodes.length)
      }),
    )
  })

  it('comes to the same outputs in whatever order branches complete, where joins wait for all', () => {
    fc.assert(
      fc.property(anyFlow, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const document = { ...given, nodes: given.nodes.map((node) => ({ ...node, join: 'all' as const })) }
        const one = play({ document, kinds: testKinds, perform })
        const other = play({
          document,
          kinds: testKinds,
          perform,
          choose: (count) => (count === 0 ? 0 : numbers.next().value % count),
        })
        expect(outputs(other.state)).toEqual(outputs(one.state))
        expect(other.state.output).toEqual(one.state.output)
      }),
    )
  })

  it('says after every prefix that the step recorded next can be done next', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        const { graph, events } = play({ document, kinds: testKinds, perform })
        for (let length = 1; length < events.length; length++) {
          const offered = next(graph, replay(graph, events.slice(0, length)))
          const recorded = events[length]!
          const steps = offered.map((action) => (action.do === 'finish' ? undefined : action.step))
          expect(steps).toContain(recorded.step)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is the same in one go as event by event, and leaves what it extends alone', () => {
    fc.assert(
      fc.property(anyFlow, (document) => {
        const { graph, events } = play({ document, kinds: testKinds, perform })
        const whole = replay(graph, events)
        let state = replay(graph, [])
        for (const event of events) {
          const before = structuredClone(state)
          const after = extend(graph, state, [event])
          expect(state).toEqual(before)
          state = after
        }
        expect(state).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  it('takes no notice of an event that comes a second time', () => {
    const document = documentSchema.parse({
      millrace: 1,
      id: 'twice',
      nodes: [
        { id: 'start', kind: 'start' },
        { id: 'step', kind: 'step' },
      ],
      edges: [{ from: 'start', to: 'step' }],
    })
    const { graph, events } = play({ document, kinds: testKinds, perform })
    expect(replay(graph, [...events, ...events])).toEqual(replay(graph, events))
  })

  it('keeps untouched steps identical, so that a canvas redraws only what changed', () => {
    const document = documentSchema.parse({
      millrace: 1,
      id: 'same',
      nodes: ['start', 'step1', 'step2'].map((id) => ({ id, kind: id.replace(/\d/, '') })),
      edges: [
        { from: 'start', to: 'step1' },
        { from: 'step1', to: 'step2' },
      ],
    })
    const { graph, events } = play({ document, kinds: testKinds, perform })
    const before = replay(graph, events.slice(0, -2))
    const after = extend(graph, before, events.slice(-2))
    expect(after.steps.get('start')).toBe(before.steps.get('start'))
    expect(after.steps.get('step1')).toBe(before.steps.get('step1'))
  })

  it('counts waiting into how long a step took, whatever its last moment measured', () => {
    const document = documentSchema.parse({ millrace: 1, id: 'any', nodes: [{ id: 'start', kind: 'start' }] })
    const at = (ms: number) => new Date(ms).toISOString()
    const state = replay(graphOf(document, testKinds), [
      {
        seq: 1,
        at: at(0),
        type: 'step_waiting',
        step: 'start',
        data: { wait: { for: 'timer', until: at(9) } },
      },
      {
        seq: 2,
        at: at(9_000),
        type: 'step_completed',
        step: 'start',
        data: { port: 'done', output: 1, tookUs: 41 },
      },
    ])
    expect(state.steps.get('start')?.durationMs).toBe(9_000)
  })
})
