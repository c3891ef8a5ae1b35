import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { startState } from '@/flow/run/replay'
import type { RunState, StepState } from '@/flow/run/state'
import { parseStepId } from '@/flow/run/step-id'
import { timelineRows, workingSpans } from './timeline-rows'

const start = Date.UTC(2026, 0, 1)
const at = (ms: number) => new Date(start + ms).toISOString()

function stateOf(...steps: (Partial<StepState> & { id: string; status: StepState['status'] })[]): RunState {
  const state = { ...startState(), startedAt: at(0) }
  for (const [index, step] of steps.entries()) {
    state.steps.set(step.id, {
      ...parseStepId(step.id),
      order: step.status === 'skipped' ? 0 : index + 1,
      attempt: 1,
      retries: [],
      resolutions: [],
      heard: 0,
      acts: [],
      ...step,
    })
  }
  return state
}

const document = documentSchema.parse({
  millrace: 1,
  id: 'test',
  nodes: [
    { id: 'fetch', kind: 'x', name: 'Fetch data' },
    { id: 'each', kind: 'for_each' },
    { id: 'mail', kind: 'x', parent: 'each' },
  ],
})

describe('timeline rows', () => {
  it('names each lane as its node is drawn: by its name, else by its kind', () => {
    const rows = timelineRows(
      document,
      stateOf(
        { id: 'fetch', status: 'completed', startedAt: at(0), endedAt: at(182), durationMs: 182 },
        { id: 'each', status: 'running', startedAt: at(200) },
      ),
      start + 500,
    )
    expect(rows.map((row) => row.name)).toEqual(['Fetch data', 'For each'])
    expect(rows[0]?.span).toEqual({ fromMs: 0, toMs: 182 })
    expect(rows[1]?.span).toEqual({ fromMs: 200, toMs: 500 })
  })

  it('show the calls of models and tools within their step', () => {
    const act = { kind: 'model', title: 'Answer', startedAt: at(20) } as const
    const acts = [
      { ...act, name: 'model#1', status: 'completed', durationMs: 30 } as const,
      {
        ...act,
        name: 'tool#1.1',
        kind: 'tool',
        title: 'find',
        status: 'running',
        startedAt: at(60),
      } as const,
    ]
    const rows = timelineRows(
      document,
      stateOf({ id: 'fetch', status: 'running', startedAt: at(0), acts }),
      start + 100,
    )
    expect(rows[0]?.calls).toEqual([
      { title: 'Answer', kind: 'model', failed: false, fromMs: 20, toMs: 50 },
      { title: 'find', kind: 'tool', failed: false, fromMs: 60, toMs: 100 },
    ])
  })

  describe('of a container', () => {
    const state = stateOf(
      { id: 'each', status: 'running', startedAt: at(0) },
      { id: 'each[1]/mail', status: 'failed', startedAt: at(1), endedAt: at(4) },
      { id: 'each[0]/mail', status: 'completed', startedAt: at(2), endedAt: at(6) },
      { id: 'fetch', status: 'running', startedAt: at(3) },
    )

    it('puts the steps of all items of a node into one lane, the failed one for all', () => {
      const rows = timelineRows(document, state, start + 10)
      expect(rows.map((row) => [row.step, row.depth, row.place, row.status])).toEqual([
        ['each', 0, '', 'running'],
        ['each[1]/mail', 1, '×2, 1 failed', 'failed'],
        ['fetch', 0, '', 'running'],
      ])
      expect(rows[1]?.span).toEqual({ fromMs: 1, toMs: 6 })
    })

    it('shows one item by itself when it is picked', () => {
      const rows = timelineRows(document, state, start + 10, new Map([['each', 'each[0]']]))
      expect(rows.map((row) => [row.step, row.depth, row.place])).toEqual([
        ['each', 0, ''],
        ['each[0]/mail', 1, 'item 1'],
        ['fetch', 0, ''],
      ])
    })
  })

  it('puts skipped steps last, without a bar', () => {
    const rows = timelineRows(
      document,
      stateOf({ id: 'each', status: 'skipped' }, { id: 'fetch', status: 'completed', startedAt: at(0) }),
      start + 1,
    )
    expect(rows.map((row) => row.node)).toEqual(['fetch', 'each'])
    expect(rows[1]?.span).toBeNull()
  })

  it('splits a bar into its attempts', () => {
    const error = { code: 'http_status', message: '500' }
    const rows = timelineRows(
      document,
      stateOf({
        id: 'fetch',
        status: 'completed',
        attempt: 2,
        startedAt: at(0),
        endedAt: at(300),
        retries: [{ attempt: 1, error, at: at(100) }],
      }),
      start + 400,
    )
    expect(rows[0]?.attempts).toEqual([
      { fromMs: 0, toMs: 100, failed: true },
      { fromMs: 100, toMs: 300, failed: false },
    ])
  })

  it('does not count waiting as work', () => {
    const rows = timelineRows(
      document,
      stateOf({
        id: 'fetch',
        status: 'waiting',
        startedAt: at(0),
        wait: { for: 'timer', until: at(10_000) },
      }),
      start + 400,
    )
    expect(workingSpans(rows)).toEqual([])
  })
})
