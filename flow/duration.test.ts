import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationWords, formatDurationMs, isIsoDuration, parseDurationMs } from './duration'

describe('reading a duration', () => {
  it.each([
    ['PT30S', 30_000],
    ['PT0.5S', 500],
    ['PT1H30M', 5_400_000],
    ['P2D', 172_800_000],
    ['P1W', 604_800_000],
    ['P1WT1S', 604_801_000],
    ['P1DT2H3M4.005S', 93_784_005],
    ['PT0S', 0],
  ])('reads %s as %i ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms)
  })

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'PT1',
    '1H',
    'P1Y',
    'P1M',
    'PT-1S',
    'pt1s',
    ' PT1S',
    'PT1S\n',
    'PT1M1H',
    `PT${'9'.repeat(30)}S`,
  ])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toBeNull()
    expect(isIsoDuration(text)).toBe(false)
  })

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => isIsoDuration(text) === (parseDurationMs(text) !== null)))
  })
})

describe('a duration in words', () => {
  it.each([
    ['PT5M', '5 minutes'],
    ['P1D', '1 day'],
    ['PT1H30M', '1 hour 30 minutes'],
    ['P2W', '2 weeks'],
    ['PT0.5S', '0.5 seconds'],
    ['${input.pause}', '${input.pause}'],
    ['P', 'P'],
  ])('%s', (text, words) => {
    expect(durationWords(text)).toBe(words)
  })
})

describe('writing a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.041, '41 µs'],
    [182.4, '182 ms'],
    [1_900, '1.9 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [864_000_000, '10 d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDurationMs(ms)).toBe(text)
  })

  it('never counts sixty of a unit that has a bigger one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (ms) => {
        expect(formatDurationMs(ms)).not.toMatch(/\b(60(\.0)? s|60 min|24 h)\b/)
      }),
    )
  })
})
