import { describe, expect, it } from 'vitest'
import { readDuration, shortDuration } from './duration-input'

describe('readDuration', () => {
  it('takes what people type', () => {
    expect(readDuration('30s')).toBe('PT30S')
    expect(readDuration(' 5 min ')).toBe('PT5M')
    expect(readDuration('2h')).toBe('PT2H')
    expect(readDuration('3 days')).toBe('P3D')
    expect(readDuration('pt1h30m')).toBe('PT1H30M')
  })

  it('refuses what is no duration', () => {
    expect(readDuration('soon')).toBeNull()
    expect(readDuration('5')).toBeNull()
    expect(readDuration('5y')).toBeNull()
  })
})

describe('shortDuration', () => {
  it('writes what readDuration reads', () => {
    for (const text of ['PT30S', 'PT5M', 'PT2H', 'P3D', 'PT1H30M'])
      expect(readDuration(shortDuration(text))).toBe(text)
  })

  it('leaves templates and nothing as they are', () => {
    expect(shortDuration('${input.pause}')).toBe('${input.pause}')
    expect(shortDuration(undefined)).toBe('')
  })
})
