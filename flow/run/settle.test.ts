import { describe, expect, it } from 'vitest'
import { documentSchema } from '../document'
import { testKinds } from '../fixtures/kinds'
import { graphOf } from '../graph'
import { startState } from './replay'
import { settleError, settleOutcome } from './settle'

const document = documentSchema.parse({
  millrace: 1,
  id: 'settled',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'choose', kind: 'condition', onError: 'continue' },
    { id: 'send', kind: 'effect' },
  ],
  edges: [],
})
const graph = graphOf(document, testKinds)
const state = startState()
const once = { maxAttempts: 1, intervalMs: 1_000, backoffRate: 2, maxIntervalMs: 60_000, retryOn: null }
const error = { code: 'boom', message: 'Bang.' }

describe('settleOutcome', () => {
  it('records the state patch before the completion that lets others see it', () => {
    const events = settleOutcome(
      graph,
      state,
      { step: 'send', attempt: 2, tookUs: 40 },
      { type: 'done', port: 'done', output: 1, state: { seen: true }, score: 88 },
    )
    expect(events).toEqual([
      { type: 'state_changed', step: 'send', data: { patch: { seen: true } } },
      {
        type: 'step_completed',
        step: 'send',
        data: { port: 'done', output: 1, tookUs: 40, attempt: 2, score: 88 },
      },
    ])
  })

  it('records no change of state where there is none', () => {
    const events = settleOutcome(
      graph,
      state,
      { step: 'send', attempt: 1 },
      { type: 'done', port: 'done', output: 1, state: {} },
    )
    expect(events).toHaveLength(1)
  })

  it('ends the run as failed with the given error', () => {
    const events = settleOutcome(
      graph,
      state,
      { step: 'send', attempt: 1 },
      { type: 'end', status: 'failed', output: null, error },
    )
    expect(events.map((event) => event.type)).toEqual(['step_failed', 'run_failed'])
  })

  it('fails a jump to a step that is not there', () => {
    const events = settleOutcome(
      graph,
      state,
      { step: 'send', attempt: 1 },
      { type: 'jump', to: 'nowhere', atMost: 3, output: null },
    )
    expect(events.at(-1)).toMatchObject({
      type: 'run_failed',
      data: { error: { code: 'jump_target_missing' } },
    })
  })
})

describe('settleError', () => {
  it('waits for the back-off, or longer when the other side asks for it', () => {
    const policy = { ...once, maxAttempts: 3 }
    const options = { policy, nowMs: 0, random: 0.5 }
    expect(settleError(graph, state, { step: 'send', attempt: 2 }, error, options)).toEqual([
      {
        type: 'step_retrying',
        step: 'send',
        data: { attempt: 2, error, retryAt: '1970-01-01T00:00:01.000Z' },
      },
    ])
    const [event] = settleError(graph, state, { step: 'send', attempt: 2 }, error, {
      ...options,
      retryAfterMs: 30_000,
    })
    expect(event).toMatchObject({ data: { retryAt: '1970-01-01T00:00:30.000Z' } })
  })

  it('goes on by the first port of the kind', () => {
    const [event] = settleError(graph, state, { step: 'choose', attempt: 1 }, error, {
      policy: once,
      nowMs: 0,
      random: 0,
    })
    expect(event).toMatchObject({ type: 'step_failed', data: { handled: 'continue', port: 'true' } })
  })

  it('fails the run when nothing else is said', () => {
    const events = settleError(graph, state, { step: 'send', attempt: 1 }, error, {
      policy: once,
      nowMs: 0,
      random: 0,
    })
    expect(events.map((event) => event.type)).toEqual(['step_failed', 'run_failed'])
    expect(events[1]).toMatchObject({ data: { error: { step: 'send', attempt: 1, code: 'boom' } } })
  })
})
