import { describe, expect, it } from 'vitest'
import type { NewEvent } from '@/flow/run/event'
import { eventWords } from './event-words'

const wordsOf = (event: NewEvent) =>
  eventWords({ ...event, seq: 1, at: '2026-01-01T00:00:00.000Z' }, (step) => `“${step}”`)

describe('an event in words', () => {
  it('names the step as people know it', () => {
    expect(wordsOf({ type: 'step_started', step: 'assess', data: { attempt: 1 } })).toBe('“assess” began')
  })

  it('counts attempts from the second on', () => {
    expect(wordsOf({ type: 'step_started', step: 'assess', data: { attempt: 2 } })).toBe(
      '“assess” began, attempt 2',
    )
  })

  it('tells the way on only where there was a choice', () => {
    const completed = (port: string | string[]): NewEvent => ({
      type: 'step_completed',
      step: 'low',
      data: { port, output: null, tookUs: 41 },
    })
    expect(wordsOf(completed('done'))).toBe('“low” completed in 41 µs')
    expect(wordsOf(completed(['a', 'b']))).toBe('“low” completed in 41 µs, by a and b')
  })

  it('says what a step waits for', () => {
    const wait = { for: 'answer', title: 'Approve?' } as const
    expect(wordsOf({ type: 'step_waiting', step: 'approve', data: { wait } })).toBe(
      '“approve” waits for an answer',
    )
  })

  it('says why a run failed', () => {
    const error = { code: 'http_status', message: 'The server answered 500.' }
    expect(wordsOf({ type: 'run_failed', data: { error } })).toBe('Run failed: The server answered 500.')
  })
})
