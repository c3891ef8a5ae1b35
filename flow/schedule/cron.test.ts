import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ScheduleError } from './field'
import { nextTimes, readSchedule } from './schedule'

const sunday = '2026-03-01T00:00:00Z'
/** The first times after `after`, in UTC, without their seconds unless there are any. */
function times(text: string, count: number, { after = sunday, zone = 'UTC' } = {}): string[] {
  return nextTimes(readSchedule(text, zone), new Date(after), count).map((time) =>
    time.toISOString().replace(/(:00)?\.000Z$/, ''),
  )
}
function faultOf(text: string, zone?: string): ScheduleError {
  try {
    readSchedule(text, zone)
  } catch (error) {
    if (error instanceof ScheduleError) return error
  }
  throw new Error(`${text} was taken`)
}

describe('Unix cron', () => {
  test.each([
    ['0 9 * * 1-5', ['2026-03-02T09:00', '2026-03-03T09:00']],
    ['*/20 8 * * *', ['2026-03-01T08:00', '2026-03-01T08:20', '2026-03-01T08:40', '2026-03-02T08:00']],
    ['5/20 8 1 * *', ['2026-03-01T08:05', '2026-03-01T08:25', '2026-03-01T08:45', '2026-04-01T08:05']],
    ['0 0 * jan-feb sun', ['2027-01-03T00:00', '2027-01-10T00:00']],
    ['0 0 * * 7', ['2026-03-08T00:00', '2026-03-15T00:00']],
    ['0 0 * * 5-7', ['2026-03-06T00:00', '2026-03-07T00:00', '2026-03-08T00:00']],
    ['0 0 * * 1/2', ['2026-03-02T00:00', '2026-03-04T00:00', '2026-03-06T00:00', '2026-03-09T00:00']],
    ['0 22-1 * * *', ['2026-03-01T01:00', '2026-03-01T22:00', '2026-03-01T23:00', '2026-03-02T00:00']],
    ['0 0 * * FRI-MON', ['2026-03-02T00:00', '2026-03-06T00:00', '2026-03-07T00:00', '2026-03-08T00:00']],
    ['*/30 * * * * *', ['2026-03-01T00:00:30', '2026-03-01T00:01']],
    ['@daily', ['2026-03-02T00:00', '2026-03-03T00:00']],
    ['  @Hourly ', ['2026-03-01T01:00', '2026-03-01T02:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['0 0 L * *', ['2026-03-31T00:00', '2026-04-30T00:00']],
    ['0 0 * * 5L', ['2026-03-27T00:00', '2026-04-24T00:00']],
  ])('%s', (pattern, expected) => {
    expect(times(pattern, expected.length)).toEqual(expected)
  })

  test('a day and a weekday that are both restricted are each enough', () => {
    expect(times('0 0 13 * 5', 4)).toEqual([
      '2026-03-06T00:00',
      '2026-03-13T00:00',
      '2026-03-20T00:00',
      '2026-03-27T00:00',
    ])
    expect(times('0 0 13 * 5', 2, { after: '2026-04-10T12:00:00Z' })).toEqual([
      '2026-04-13T00:00',
      '2026-04-17T00:00',
    ])
  })

  test('a field that begins with * restricts by itself', () => {
    expect(times('0 0 */10 * MON', 2)).toEqual(['2026-05-11T00:00', '2026-06-01T00:00'])
  })
})

describe('Amazon’s six fields', () => {
  // The first ten are the examples of the EventBridge user guide.
  test.each([
    ['cron(0 10 * * ? *)', ['2026-03-01T10:00', '2026-03-02T10:00']],
    ['cron(15 12 * * ? *)', ['2026-03-01T12:15', '2026-03-02T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-03-02T18:00', '2026-03-03T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-03-01T08:00', '2026-04-01T08:00']],
    [
      'cron(0/15 * * * ? *)',
      ['2026-03-01T00:15', '2026-03-01T00:30', '2026-03-01T00:45', '2026-03-01T01:00'],
    ],
    ['cron(0/10 * ? * MON-FRI *)', ['2026-03-02T00:00', '2026-03-02T00:10']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-03-02T08:00', '2026-03-02T08:05']],
    ['cron(0/30 20-2 ? * MON-FRI *)', ['2026-03-02T00:00', '2026-03-02T00:30', '2026-03-02T01:00']],
    ['cron(15 10 ? * 6L 2026-2027)', ['2026-03-27T10:15', '2026-04-24T10:15']],
    ['cron(0 9 ? * 2#1 *)', ['2026-03-02T09:00', '2026-04-06T09:00']],
    ['0 9 * * ? *', ['2026-03-01T09:00', '2026-03-02T09:00']],
    ['30 10 ? * 2 *', ['2026-03-02T10:30', '2026-03-09T10:30']],
    ['cron(0 9 ? * 1 *)', ['2026-03-01T09:00', '2026-03-08T09:00']],
    ['cron(0 9 ? * L *)', ['2026-03-07T09:00', '2026-03-14T09:00']],
    ['cron(0 9 ? * fri#3,TUE#5 *)', ['2026-03-20T09:00', '2026-03-31T09:00', '2026-04-17T09:00']],
    ['cron(0 9 L * ? *)', ['2026-03-31T09:00', '2026-04-30T09:00']],
    ['cron(0 9 L-2 * ? *)', ['2026-03-29T09:00', '2026-04-28T09:00']],
    ['cron(0 9 LW * ? *)', ['2026-03-31T09:00', '2026-04-30T09:00', '2026-05-29T09:00']],
    ['cron(0 9 1W * ? *)', ['2026-03-02T09:00', '2026-04-01T09:00', '2026-05-01T09:00', '2026-06-01T09:00']],
    ['cron(0 9 15W 8,11 ? *)', ['2026-08-14T09:00', '2026-11-16T09:00']],
    ['cron(0 9 31W * ? *)', ['2026-03-31T09:00', '2026-05-29T09:00']],
    ['cron(0 8 ? * MON-FRI 2027)', ['2027-01-01T08:00', '2027-01-04T08:00']],
    ['cron(0 0 1 1 ? 2026/2)', ['2028-01-01T00:00', '2030-01-01T00:00']],
  ])('%s', (pattern, expected) => {
    expect(times(pattern, expected.length)).toEqual(expected)
  })

  test('fire at the hour, not at its ninth minute, as readers of seconds have it', () => {
    expect(times('0 9 * * ? *', 3).every((time) => time.endsWith('T09:00'))).toBe(true)
  })
})

describe('what is wrong is said', () => {
  test.each([
    ['', /minute, hour, day, month and weekday/],
    ['tomorrow', /minute, hour/],
    ['* * * *', /minute, hour/],
    ['61 * * * *', /"61" is no minute: write 0 to 59/],
    ['0 24 * * *', /"24" is no hour/],
    ['0 0 0 * *', /"0" is no day of the month/],
    ['0 0 * FOO *', /no month: write 1 to 12 or JAN to DEC/],
    ['0 0 * * 8', /no weekday/],
    ['*/0 * * * *', /step must be 1 or more/],
    ['1- * * * *', /no minute/],
    ['1-2-3 * * * *', /no minute/],
    ['*-5 * * * *', /no minute/],
    ['0 0 ? * MON', /Write \* instead/],
    ['0 0 9 ? * MON', /Write \* instead|exactly one/],
    ['cron(0 9 * * * *)', /exactly one of day and weekday is \?/],
    ['cron(0 9 ? * ? *)', /exactly one/],
    ['0 9 ? * ? *', /exactly one/],
    ['cron(x)', /not a cron pattern/],
    ['cron(0 9 ? * 0 *)', /no weekday: write 1 to 7 or SUN to SAT/],
    ['cron(0 9 ? * 2#6 *)', /from 1 to 5/],
    ['cron(0 9 32W * ? *)', /day of the month/],
    ['cron(0 9 1 1 ? 1969)', /no year: write 1970 to 2199/],
    ['rate(5)', /no rate/],
    ['rate(0 minutes)', /no rate/],
    ['rate(5 fortnights)', /no rate/],
    ['at(tomorrow)', /no time/],
    ['at(2026-02-30T09:00:00)', /no time/],
    ['at(2026-02-10T25:00:00)', /no time/],
  ])('%s', (text, message) => {
    expect(faultOf(text)).toMatchObject({ code: 'cron_invalid', message: expect.stringMatching(message) })
  })

  test('so is a zone that is none', () => {
    expect(faultOf('0 9 * * *', 'Mars/Base')).toMatchObject({ code: 'timezone_unknown' })
  })

  test('and nothing else is ever thrown', () => {
    const words = fc.constantFrom(
      '*',
      '?',
      'L',
      'W',
      '5L',
      '1W',
      'MON#2',
      '1-5',
      '*/3',
      '99',
      '-',
      '/',
      '#',
      'x',
      '2030',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), fc.string({ maxLength: 6 }), (fields, junk) => {
        for (const text of [
          fields.join(' '),
          `cron(${fields.join(' ')})`,
          junk,
          `at(${junk})`,
          `rate(${junk})`,
        ]) {
          try {
            nextTimes(readSchedule(text), new Date(sunday), 2)
          } catch (error) {
            expect(error).toBeInstanceOf(ScheduleError)
          }
        }
      }),
    )
  })
})
