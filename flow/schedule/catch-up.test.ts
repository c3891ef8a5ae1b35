import { describe, expect, test } from 'vitest'
import { timesToRun } from './catch-up'

const now = new Date('2026-03-02T09:00:00Z')
const ago = (...seconds: number[]) => seconds.map((each) => new Date(now.getTime() - each * 1_000))

test.each(['none', 'last', 'all'] as const)('what is on time runs, each of it: %s', (catchUp) => {
  expect(timesToRun(catchUp, ago(2, 1, 0), now)).toEqual(ago(2, 1, 0))
})

describe('a restart of minutes', () => {
  test.each(['none', 'last'] as const)('over one time does not lose it: %s', (catchUp) => {
    expect(timesToRun(catchUp, ago(200), now)).toEqual(ago(200))
  })

  test('over many gives one run, not a burst of them', () => {
    expect(timesToRun('none', ago(240, 180, 120, 60), now)).toEqual(ago(60))
  })
})

describe('what is missed for longer', () => {
  const missed = ago(10_800, 7_200, 3_600)
  test('is left out', () => expect(timesToRun('none', missed, now)).toEqual([]))
  test('is made up for by its newest', () => expect(timesToRun('last', missed, now)).toEqual(ago(3_600)))
  test('is made up for each', () => expect(timesToRun('all', missed, now)).toEqual(missed))
  test('but never more than the newest hundred', () => {
    const many = ago(...Array.from({ length: 250 }, (_, index) => 60 * (250 - index)))
    expect(timesToRun('all', many, now)).toEqual(many.slice(-100))
  })
})
