import { describe, expect, it } from 'vitest'
import type { StepAct } from '@/flow/run/state'
import { actFacts, scoreOfAct, textOfAct, toldError } from './act-words'

const act = (more: Partial<StepAct>): StepAct => ({
  ...{
    name: 'model#1',
    kind: 'model',
    title: 'Answer',
    status: 'completed',
    startedAt: '2026-01-01T00:00:00Z',
  },
  ...more,
})

describe('an act in words', () => {
  it('tells how long it took, what it used and how it scored', () => {
    const output = { text: '{}', object: { score: 62, critique: 'x' } }
    const usage = { inputTokens: 300, outputTokens: 40 }
    expect(actFacts(act({ durationMs: 1_200, usage, output }))).toBe('1.2 s · 340 tokens · 62 of 100')
    expect(actFacts(act({ status: 'running' }))).toBe('')
  })

  it('has a text when a model gave nothing else', () => {
    expect(textOfAct(act({ output: { text: 'Hello' } }))).toBe('Hello')
    expect(textOfAct(act({ output: { text: '{}', object: {} } }))).toBeUndefined()
    expect(textOfAct(act({ output: { text: ' ', calls: [] } }))).toBeUndefined()
    expect(textOfAct(act({ kind: 'tool', output: { text: 'Hello' } }))).toBeUndefined()
  })

  it('has no score where none was given', () => {
    expect(scoreOfAct(act({ output: { text: 'x' } }))).toBeUndefined()
    expect(scoreOfAct(act({}))).toBeUndefined()
  })

  it('says why a tool failed that the agent went on without', () => {
    const output = { error: { code: 'sql_failed', message: 'No such table.' } }
    expect(toldError(act({ kind: 'tool', output }))).toBe('No such table.')
    expect(toldError(act({ output }))).toBeUndefined()
    expect(toldError(act({ kind: 'tool', output: [] }))).toBeUndefined()
  })
})
