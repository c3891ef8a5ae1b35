import { allOf, anyOf, everyDay, readDaysOfMonth, readWeekdays, type DayRule } from './days'
import { readField, wrong, type FieldSpec } from './field'
import { momentOf, wallTimeOf } from './zone'

/** The times of day and the days on which a pattern is due, in whatever zone. */
export interface CronPattern {
  seconds: number[]
  minutes: number[]
  hours: number[]
  days: DayRule
  /** From 1. */
  months: number[]
  years: number[]
}

const monthWords = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const second: FieldSpec = { name: 'second', min: 0, max: 59 }
const minute: FieldSpec = { name: 'minute', min: 0, max: 59 }
const hour: FieldSpec = { name: 'hour', min: 0, max: 23 }
const month: FieldSpec = { name: 'month', min: 1, max: 12, words: monthWords }
/** What Amazon allows; no schedule of ours looks further either. */
const year: FieldSpec = { name: 'year', min: 1970, max: 2199 }

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** How the fields of a pattern are meant. */
export interface CronFields {
  counting: 'unix' | 'amazon'
  fields: string[]
}

/**
 * Tells Unix cron (five fields, or six with seconds in front, or `@daily`) from Amazon's six
 * (minute, hour, day, month, weekday, year), which one `?` in place of the day or of the weekday gives away.
 */
export function readCronFields(text: string): CronFields {
  const wrapped = /^cron\((.*)\)$/i.exec(text)?.[1]
  const plain = (wrapped ?? text).trim()
  const fields = (nicknames[plain.toLowerCase()] ?? plain).split(/\s+/)
  const marks = [2, 4].filter((index) => fields[index] === '?')
  if (fields.length === 6 && (wrapped !== undefined || marks.length > 0)) {
    if (marks.length === 1) return { counting: 'amazon', fields }
    throw wrong('In the six fields of Amazon exactly one of day and weekday is ?, such as 0 9 ? * MON-FRI *.')
  }
  if (fields.includes('?')) {
    throw wrong(
      '? belongs to the six fields of Amazon (minute hour day month weekday year). Write * instead.',
    )
  }
  if (fields.length === 5 || (fields.length === 6 && wrapped === undefined))
    return { counting: 'unix', fields }
  throw wrong(
    `"${text}" is not a cron pattern. Write minute, hour, day, month and weekday, such as 0 9 * * 1-5.`,
  )
}

/** Throws ScheduleError. */
export function readCron(text: string): CronPattern {
  const { counting, fields } = readCronFields(text)
  return counting === 'amazon' ? readAmazon(fields) : readUnix(fields)
}

function readUnix(fields: string[]): CronPattern {
  const [seconds = '', minutes = '', hours = '', day = '', months = '', weekday = ''] =
    fields.length === 6 ? fields : ['0', ...fields]
  const byDay = readDaysOfMonth(day)
  const byWeekday = readWeekdays(weekday, 'unix')
  // crontab(5): when both are restricted, that is, do not begin with *, either is enough.
  const either = !day.startsWith('*') && !weekday.startsWith('*')
  return {
    seconds: readField(seconds, second),
    minutes: readField(minutes, minute),
    hours: readField(hours, hour),
    days: either ? anyOf([byDay, byWeekday]) : allOf(byDay, byWeekday),
    months: readField(months, month),
    years: readField('*', year),
  }
}

function readAmazon(fields: string[]): CronPattern {
  const [minutes = '', hours = '', day = '', months = '', weekday = '', years = ''] = fields
  return {
    seconds: [0],
    minutes: readField(minutes, minute),
    hours: readField(hours, hour),
    days: day === '?' ? readWeekdays(weekday, 'amazon') : day === '*' ? everyDay : readDaysOfMonth(day),
    months: readField(months, month),
    years: readField(years, year),
  }
}

const dayMs = 86_400_000

/**
 * The first time after `afterMs`; null when there is none any more. A local time that a change of clocks leaves out is
 * skipped, one that it repeats comes once, the first time. (Amazon's rule. croner 10, tried first, moves the one and, asked
 * within the repeated hour, answers with a time that has passed.)
 */
export function nextCronTime(pattern: CronPattern, timezone: string, afterMs: number): number | null {
  const from = wallTimeOf(afterMs, timezone)
  for (const day of daysFrom(pattern, from.day)) {
    for (const time of timesFrom(pattern, day === from.day ? from.second : 0)) {
      const atMs = momentOf({ day, second: time }, timezone)
      if (atMs !== null && atMs > afterMs) return atMs
    }
  }
  return null
}

/** Days since 1970, ascending, on which the pattern is due. */
function* daysFrom({ years, months, days }: CronPattern, from: number): Generator<number> {
  const start = new Date(from * dayMs)
  const [startYear, startMonth] = [start.getUTCFullYear(), start.getUTCMonth() + 1]
  for (const year of years) {
    if (year < startYear) continue
    for (const month of months) {
      if (year === startYear && month < startMonth) continue
      const first = Date.UTC(year, month - 1, 1) / dayMs
      const length = Date.UTC(year, month, 1) / dayMs - first
      // 1970-01-01 was a Thursday.
      for (const day of days({ days: length, weekdayOfFirst: (((first + 4) % 7) + 7) % 7 })) {
        if (first + day - 1 >= from) yield first + day - 1
      }
    }
  }
}

/** Seconds since midnight, ascending, at which the pattern is due. */
function* timesFrom({ hours, minutes, seconds }: CronPattern, from: number): Generator<number> {
  for (const hour of hours) {
    if (hour * 3_600 + 3_599 < from) continue
    for (const minute of minutes) {
      const begin = hour * 3_600 + minute * 60
      if (begin + 59 < from) continue
      for (const second of seconds) if (begin + second >= from) yield begin + second
    }
  }
}
