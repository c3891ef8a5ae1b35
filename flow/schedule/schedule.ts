import { readCron, nextCronTime, type CronPattern } from './cron'
import { ScheduleError, wrong } from './field'
import { isTimezone, momentOf } from './zone'

/** When something is due again and again, or once. */
export type Schedule =
  | { type: 'cron'; pattern: CronPattern; timezone: string }
  /** Counted from when the schedule began to hold. */
  | { type: 'rate'; everyMs: number; count: number; unit: RateUnit }
  /** Null: clocks in that zone never show that time. */
  | { type: 'at'; atMs: number | null }

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
type RateUnit = keyof typeof unitMs

/**
 * Reads what Unix cron takes (five fields, or six with seconds in front, or `@daily` and the like) and what Amazon
 * EventBridge takes: `cron(0 9 * * ? *)`, its six fields alone, `rate(5 minutes)` and `at(2027-01-31T09:00:00)`.
 * Throws ScheduleError, which says what is wrong.
 */
export function readSchedule(text: string, timezone = 'UTC'): Schedule {
  if (!isTimezone(timezone)) {
    throw new ScheduleError(
      'timezone_unknown',
      `There is no time zone "${timezone}". Write one such as Europe/Prague or UTC.`,
    )
  }
  const trimmed = text.trim()
  const call = /^(rate|at)\((.*)\)$/i.exec(trimmed)
  if (call?.[1]?.toLowerCase() === 'rate') return readRate(call[2] ?? '')
  if (call) return { type: 'at', atMs: readAt(call[2] ?? '', timezone) }
  return { type: 'cron', pattern: readCron(trimmed), timezone }
}

function readRate(text: string): Schedule {
  const [, number = '', unit = ''] = /^\s*(\d{1,6})\s+(minute|hour|day)s?\s*$/i.exec(text) ?? []
  const count = Number(number)
  const word = unit.toLowerCase()
  if (count > 0 && isRateUnit(word)) return { type: 'rate', everyMs: count * unitMs[word], count, unit: word }
  throw wrong(
    `"rate(${text})" is no rate. Write a number and minutes, hours or days, such as rate(5 minutes).`,
  )
}

function isRateUnit(word: string): word is RateUnit {
  return word in unitMs
}

function readAt(text: string, timezone: string): number | null {
  const written = /^\s*(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d))?\s*$/.exec(text)
  const [, date = '', hour = '', minute = '', second = '0'] = written ?? []
  const midnightMs = Date.parse(`${date}T00:00:00Z`)
  const isDate = new Date(midnightMs || 0).toISOString().startsWith(date)
  if (!written || !isDate || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw wrong(`"at(${text})" is no time. Write one such as at(2027-01-31T09:00:00).`)
  }
  const day = midnightMs / unitMs.day
  return momentOf({ day, second: Number(hour) * 3_600 + Number(minute) * 60 + Number(second) }, timezone)
}

/**
 * The first time after `after`; null when it is not due any more. A rate counts from `since`, one of its own times or the
 * moment from which it holds.
 */
export function nextTime(schedule: Schedule, after: Date, since = after): Date | null {
  const atMs = nextMs(schedule, after.getTime(), since.getTime())
  return atMs === null ? null : new Date(atMs)
}

function nextMs(schedule: Schedule, afterMs: number, sinceMs: number): number | null {
  switch (schedule.type) {
    case 'cron':
      return nextCronTime(schedule.pattern, schedule.timezone, afterMs)
    case 'at':
      return schedule.atMs !== null && schedule.atMs > afterMs ? schedule.atMs : null
    case 'rate':
      return sinceMs + (Math.floor((afterMs - sinceMs) / schedule.everyMs) + 1) * schedule.everyMs
  }
}

/** The first `count` times after `after`, oldest first; fewer when there are no more. */
export function nextTimes(schedule: Schedule, after: Date, count: number): Date[] {
  const times: Date[] = []
  for (let at = nextTime(schedule, after); at && times.length < count; at = nextTime(schedule, at, after)) {
    times.push(at)
  }
  return times
}

/**
 * The newest `count` times after `since` and up to `until`, oldest first. Looks back from `until` in growing steps, so that a
 * year of missed seconds costs no more than a minute of them.
 */
export function newestTimes(schedule: Schedule, since: Date, until: Date, count: number): Date[] {
  for (let backMs = 60_000; ; backMs *= 4) {
    const fromMs = Math.max(since.getTime(), until.getTime() - backMs)
    const times: Date[] = []
    let at = nextTime(schedule, new Date(fromMs), since)
    while (at && at <= until) {
      times.push(at)
      at = nextTime(schedule, at, since)
    }
    if (times.length >= count || fromMs === since.getTime()) return times.slice(-count)
  }
}

/** Whether it has no time at all, past or future, as 30 February has none. */
export function isNever(schedule: Schedule): boolean {
  return nextTime(schedule, new Date(0)) === null
}
