import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isNever, newestTimes, nextTime, nextTimes, readSchedule } from './schedule'
import { wallTimeOf } from './zone'

const sunday = '2026-03-01T00:00:00Z'
/** The first times after `after`, in UTC, without their seconds unless there are any. */
function times(text: string, count: number, { after = sunday, zone = 'UTC' } = {}): string[] {
  return nextTimes(readSchedule(text, zone), new Date(after), count).map((time) =>
    time.toISOString().replace(/(:00)?\.000Z$/, ''),
  )
}
describe('rates', () => {
  test.each([
    ['rate(1 minute)', 60],
    ['rate(5 minutes)', 300],
    ['rate( 2 hours )', 7_200],
    ['RATE(1 day)', 86_400],
  ])('%s', (text, seconds) => {
    const since = new Date('2026-03-01T10:00:07Z')
    expect(nextTime(readSchedule(text), since)?.getTime()).toBe(since.getTime() + seconds * 1_000)
  })

  test('count from when they began to hold, over any change of clocks', () => {
    const rate = readSchedule('rate(1 day)', 'Europe/Prague')
    const since = new Date('2026-03-27T10:00:00Z')
    const after = new Date('2026-03-29T23:00:00Z')
    expect(nextTime(rate, after, since)?.toISOString()).toBe('2026-03-30T10:00:00.000Z')
    expect(nextTime(rate, new Date('2026-03-30T10:00:00Z'), since)?.toISOString()).toBe(
      '2026-03-31T10:00:00.000Z',
    )
  })
})

describe('one time', () => {
  test('is meant in the zone, and comes once', () => {
    expect(times('at(2026-07-01T09:30:00)', 5, { zone: 'Europe/Prague' })).toEqual(['2026-07-01T07:30'])
    expect(times('at(2026-07-01T09:30)', 5)).toEqual(['2026-07-01T09:30'])
    expect(times('at(2026-02-01T00:00:00)', 1)).toEqual([])
  })

  test('that a change of clocks leaves out never comes', () => {
    expect(isNever(readSchedule('at(2026-03-29T02:30:00)', 'Europe/Prague'))).toBe(true)
    expect(isNever(readSchedule('at(2026-03-29T02:30:00)'))).toBe(false)
  })
})

describe('clocks that change', () => {
  const prague = 'Europe/Prague'

  test('keep a time of day where it is', () => {
    const after = '2026-03-28T12:00:00Z'
    expect(times('0 9 * * *', 2, { after, zone: prague })).toEqual(['2026-03-29T07:00', '2026-03-30T07:00'])
  })

  test('skip a time that does not exist', () => {
    const after = '2026-03-28T12:00:00Z'
    expect(times('30 2 * * *', 1, { after, zone: prague })).toEqual(['2026-03-30T00:30'])
    expect(times('*/30 * * * *', 3, { after: '2026-03-29T00:10:00Z', zone: prague })).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ])
    const beirut = { after: '2026-03-27T23:00:00Z', zone: 'Asia/Beirut' }
    expect(times('0 0 * * *', 1, beirut)).toEqual(['2026-03-29T21:00'])
  })

  test('run a time that comes twice once, the first time', () => {
    const after = '2026-10-24T12:00:00Z'
    expect(times('30 2 * * *', 2, { after, zone: prague })).toEqual(['2026-10-25T00:30', '2026-10-26T01:30'])
  })

  test('never answer with a time that has passed, even within the repeated hour', () => {
    const within = { after: '2026-10-25T01:20:00Z', zone: prague }
    expect(times('30 2 * * *', 1, within)).toEqual(['2026-10-26T01:30'])
    expect(times('*/30 * * * *', 1, within)).toEqual(['2026-10-25T02:00'])
  })

  const changes: [string, string][] = [
    ['Europe/Prague', '2026-03-28T20:00:00Z'],
    ['Europe/Prague', '2026-10-24T20:00:00Z'],
    ['America/New_York', '2026-03-07T20:00:00Z'],
    ['America/New_York', '2026-10-31T20:00:00Z'],
    ['America/Sao_Paulo', '2018-11-03T20:00:00Z'],
    ['America/St_Johns', '2011-11-05T20:00:00Z'],
    ['Asia/Beirut', '2026-03-28T12:00:00Z'],
    ['Africa/Casablanca', '2026-02-14T20:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T08:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T08:00:00Z'],
    ['Pacific/Apia', '2011-12-29T12:00:00Z'],
    ['Asia/Kathmandu', '2026-05-01T00:00:00Z'],
  ]

  test.each(changes)('%s around %s: as a clock on the wall, read each minute', (zone, begin) => {
    const beginMs = Date.parse(begin)
    const seen = new Set<string>()
    const minutes = Array.from({ length: 40 * 60 }, (_, index) => {
      const atMs = beginMs + index * 60_000
      const wall = wallTimeOf(atMs, zone)
      const name = `${wall.day} ${wall.second}`
      const isRepeat = seen.has(name)
      seen.add(name)
      return { atMs, isRepeat, hour: Math.floor(wall.second / 3_600), minute: (wall.second / 60) % 60 }
    })
    const numbers = (max: number) =>
      fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        numbers(4),
        fc.constantFrom<number[]>([0], [30], [0, 30], [15, 59]),
        fc.nat(30 * 60),
        (hours, at, from) => {
          const schedule = readSchedule(`${at.join(',')} ${hours.join(',')} * * *`, zone)
          const afterMs = beginMs + from * 60_000
          const wanted = minutes.find(
            ({ atMs, isRepeat, hour, minute }) =>
              atMs > afterMs && !isRepeat && hours.includes(hour) && at.includes(minute),
          )
          const found = nextTime(schedule, new Date(afterMs))?.getTime() ?? 0
          if (wanted) expect(found).toBe(wanted.atMs)
          else expect(found).toBeGreaterThan(minutes.at(-1)?.atMs ?? Infinity)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('what never comes', () => {
  test.each([
    '0 0 30 2 *',
    '0 0 31 4,6,9,11 *',
    'cron(0 0 30 2 ? *)',
    'cron(0 0 29 2 ? 2027)',
    'cron(0 0 ? 2 6#5 2026)',
  ])('%s', (text) => {
    const startedAtMs = performance.now()
    expect(isNever(readSchedule(text))).toBe(true)
    expect(performance.now() - startedAtMs).toBeLessThan(500)
  })

  test('is told from what is rare, or over', () => {
    expect(isNever(readSchedule('0 0 29 2 *'))).toBe(false)
    expect(isNever(readSchedule('cron(0 0 ? 2 6#5 *)'))).toBe(false)
    expect(isNever(readSchedule('cron(0 0 1 1 ? 2020)'))).toBe(false)
    expect(times('cron(0 0 1 1 ? 2020)', 1)).toEqual([])
  })
})

describe('what passed', () => {
  const until = new Date('2026-03-10T12:00:00Z')
  const names = (text: string, since: string, count: number) =>
    newestTimes(readSchedule(text), new Date(since), until, count).map((time) =>
      time.toISOString().slice(0, 16),
    )

  test('is found newest last, and no more of it than asked', () => {
    expect(names('0 9 * * *', '2026-03-06T09:00:00Z', 2)).toEqual(['2026-03-09T09:00', '2026-03-10T09:00'])
    expect(names('0 9 * * *', '2026-03-06T09:00:00Z', 9)).toHaveLength(4)
    expect(names('0 12 * * *', '2026-03-09T12:00:00Z', 9)).toEqual(['2026-03-10T12:00'])
    expect(names('0 13 * * *', '2026-03-10T00:00:00Z', 9)).toEqual([])
  })

  test('of a rate lies on its own times', () => {
    expect(names('rate(7 hours)', '2026-03-01T00:30:00Z', 1)).toEqual(['2026-03-10T08:30'])
  })

  test('costs little, however long it lasted', () => {
    const startedAtMs = performance.now()
    expect(names('* * * * * *', '2016-03-10T12:00:00Z', 100)).toHaveLength(100)
    expect(names('0 0 29 2 *', '2016-03-10T12:00:00Z', 100)).toEqual(['2020-02-29T00:00', '2024-02-29T00:00'])
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  })
})
