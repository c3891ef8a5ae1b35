import { describe, expect, it } from 'vitest'
import { agoWords, causeWords, clockWords, runName } from './run-words'

describe('words about runs', () => {
  it('writes numbers of runs in groups', () => {
    expect(runName(1204)).toBe('Run 1,204')
  })

  it('writes the clock in seconds, then in larger units', () => {
    expect([0, 4_321, 250_000].map(clockWords)).toEqual(['0.0 s', '4.3 s', '4 min 10 s'])
  })

  it('says how long ago something was', () => {
    const now = Date.UTC(2026, 0, 10, 12)
    const ago = (ms: number) => agoWords(new Date(now - ms).toISOString(), now)
    expect(ago(5_000)).toBe('just now')
    expect(ago(5 * 60_000)).toBe('5 minutes ago')
    expect(ago(86_400_000)).toBe('yesterday')
    expect(ago(30 * 86_400_000)).toContain('2025')
  })

  it('makes words of causes that it does not know', () => {
    expect(causeWords('webhook')).toBe('Webhook')
    expect(causeWords('flow_test')).toBe('Flow test')
  })
})
