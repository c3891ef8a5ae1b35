import { describe, expect, it } from 'vitest'
import { drawn } from '../fixtures/drawn'
import { testKinds } from '../fixtures/kinds'
import { play, type Play } from '../fixtures/play'
import { graphOf } from '../graph'
import { losersOf } from './losers'

const waiting = { type: 'wait', wait: { for: 'timer', until: '2030-01-01T00:00:00.000Z' } } as const

function race(lines: string[], patch: Record<string, object> = {}) {
  const join = { join: 'any', config: { cancelLosers: true } }
  return drawn(['start -> fast', 'start -> slow', 'fast -> join1', 'join1 -> after', ...lines], {
    join1: join,
    fast: { kind: 'step' },
    slow: { kind: 'step' },
    slower: { kind: 'step' },
    after: { kind: 'step' },
    log: { kind: 'step' },
    ...patch,
  })
}
/** The step that is slow begins first. */
const run = (document: Play['document'], perform: Play['perform']) =>
  play({ document, kinds: testKinds, perform, choose: (count) => count - 1 })
const slowWaits: Play['perform'] = (node) => (node === 'slow' ? waiting : undefined)

describe('a join that cancels the rest', () => {
  it('cancels what waits and only leads to it, and skips what would follow that', () => {
    const { state, events } = run(race(['slow -> slower', 'slower -> join1']), slowWaits)
    expect(state).toMatchObject({ status: 'completed', openCount: 0 })
    expect(state.steps.get('slow')?.status).toBe('cancelled')
    expect(state.steps.get('slower')?.status).toBe('skipped')
    expect(state.steps.get('after')?.status).toBe('completed')
    expect(events.find((event) => event.type === 'step_cancelled')).toMatchObject({
      step: 'slow',
      data: { by: 'join1' },
    })
  })

  it('does not begin what was ready and is not needed any more', () => {
    const document = race(['slow -> slower', 'slower -> join1'])
    const { state } = play({ document, kinds: testKinds })
    expect(state.steps.get('slow')?.status).toBe('skipped')
    expect(state.status).toBe('completed')
  })

  it('leaves alone what also leads elsewhere', () => {
    const document = race(['slow -> join1', 'slow:error -> log'], {
      slow: { kind: 'effect', onError: 'route' },
    })
    const { state } = run(document, slowWaits)
    expect(state.steps.get('slow')?.status).toBe('waiting')
    expect([...losersOf(graphOf(document, testKinds), 'join1')]).toEqual(['fast'])
  })

  it('leaves all alone unless it says so', () => {
    const document = race(['slow -> join1'], { join1: { join: 'any' } })
    const { state } = run(document, slowWaits)
    expect(state.steps.get('slow')?.status).toBe('waiting')
    expect(state.steps.get('after')?.status).toBe('completed')
  })

  it('cancels a container with all that goes on inside', () => {
    const document = race(['slow -> each1', 'each1 -> join1', 'each1/inside'], {
      each1: { config: { items: [1, 2] } },
      inside: { kind: 'step' },
    })
    const perform: Play['perform'] = (node, input, { do: what }) =>
      node === 'inside' || (node === 'fast' && what === 'perform') ? waiting : undefined
    const { state, events } = run(document, perform)
    expect(state.steps.get('each1[1]/inside')?.status).toBe('waiting')
    const at = '2030-01-01T00:00:00.000Z'
    const data = { resolution: { by: 'timer' as const, at } }
    const arrived = { type: 'event_received' as const, step: 'fast', data, seq: events.length + 1, at }
    const ended = play({ document, kinds: testKinds, history: [...events, arrived], perform }).state
    expect(ended).toMatchObject({ status: 'completed', openCount: 0 })
    expect(ended.steps.get('each1')?.status).toBe('cancelled')
    expect(ended.steps.get('each1[1]/inside')?.status).toBe('cancelled')
  })
})
