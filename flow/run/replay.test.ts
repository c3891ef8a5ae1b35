import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocument } from '../document'
import { testKinds } from '../fixtures/kinds'
import { anyRun, performAny } from '../fixtures/arbitrary-run'
import { play, type Play } from '../fixtures/play'
import { graphOf } from '../graph'
import type { RunEvent } from './event'
import { next } from './next'
import { extend, fold, replay, startState } from './replay'
import type { RunState } from './state'
import { topScope } from './step-id'

/** Of the steps at the top. What a pass that failed had done before it did is a matter of order. */
const outputs = (state: RunState) => {
  const steps = [...state.steps.values()].filter((step) => step.scope === topScope)
  return Object.fromEntries(steps.map((step) => [step.id, [step.status, step.output]]))
}

const playAny = (document: FlowDocument, options: Partial<Play> = {}) =>
  play({ document, kinds: testKinds, perform: performAny(document), maxActions: 20_000, ...options })

const continuedAfter = (length: number): RunEvent[] => [
  { type: 'run_cancelled', data: {}, seq: length + 1, at: '2026-01-02T00:00:00.000Z' },
  { type: 'run_continued', data: {}, seq: length + 2, at: '2026-01-02T00:00:01.000Z' },
]

describe('replay', () => {
  it('brings every run to an end with nothing left open', () => {
    fc.assert(
      fc.property(anyRun(), (document) => {
        const { state } = playAny(document)
        expect(['completed', 'failed']).toContain(state.status)
        expect(state.openCount).toBe(0)
        expect(state.candidates.size).toBe(0)
        expect([...state.steps.values()].filter(({ status }) => status === 'running')).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('visits every place of a run that fails nowhere, once', () => {
    fc.assert(
      fc.property(anyRun({ steady: true }), (document) => {
        const { state } = playAny(document)
        expect(state.status).toBe('completed')
        const top = document.nodes.filter((node) => node.parent === undefined)
        for (const node of top) expect(state.steps.has(node.id)).toBe(true)
        expect(state.rounds.size).toBe(0)
      }),
    )
  })

  it('comes to the same outputs in whatever order steps complete, where joins wait for all', () => {
    fc.assert(
      fc.property(anyRun({ steady: true }), fc.infiniteStream(fc.nat()), (document, numbers) => {
        const one = playAny(document)
        const choose = (count: number) => (count === 0 ? 0 : numbers.next().value % count)
        const other = playAny(document, { choose })
        expect(outputs(other.state)).toEqual(outputs(one.state))
        expect(other.state.output).toEqual(one.state.output)
      }),
    )
  })

  it('says at every point where a process may die that what was recorded next can be done next', () => {
    fc.assert(
      fc.property(anyRun(), fc.infiniteStream(fc.nat()), (document, numbers) => {
        const choose = (count: number) => (count === 0 ? 0 : numbers.next().value % count)
        const { graph, events, ends } = playAny(document, { choose })
        const state = startState()
        for (const event of events) {
          if (ends.includes(event.seq - 1)) {
            const offered = next(graph, state)
            const steps = offered.map((action) => (action.do === 'finish' ? undefined : action.step))
            const isArrival = event.type === 'event_received'
            expect(isArrival ? [event.step] : steps).toContain(event.step)
          }
          fold(graph, state, event)
        }
      }),
    )
  })

  it('asks again for what was done, and for nothing else, when it is replayed', () => {
    fc.assert(
      fc.property(anyRun(), fc.nat(), (document, at) => {
        const { graph, events, ends } = playAny(document)
        const length = ends[at % ends.length] ?? 0
        const state = startState()
        for (const event of events.slice(0, length)) fold(graph, state, event)
        expect(next(graph, replay(graph, events.slice(0, length)))).toEqual(next(graph, state))
        expect(next(graph, state)).toEqual(next(graph, state))
      }),
    )
  })

  it('comes to the same outputs when it was cancelled anywhere and continued', () => {
    fc.assert(
      fc.property(anyRun({ steady: true }), fc.nat(), (document, at) => {
        const whole = playAny(document)
        const length = whole.ends[at % (whole.ends.length - 1)] ?? 0
        const told = whole.events.slice(0, length)
        const again = playAny(document, { history: [...told, ...continuedAfter(length)] })
        expect(again.state.output).toEqual(whole.state.output)
        expect(again.state).toMatchObject({ status: 'completed', openCount: 0 })
      }),
      { numRuns: 200 },
    )
  })

  it('is the same in one go as event by event, and leaves what it extends alone', () => {
    fc.assert(
      fc.property(anyRun(), (document) => {
        const { graph, events } = playAny(document)
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
      { numRuns: 20 },
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
    const { graph, events } = playAny(document)
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
    const { graph, events } = playAny(document)
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
