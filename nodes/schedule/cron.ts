import { Cron } from 'croner'

/**
 * The times of a cron pattern. Takes what Unix cron takes (five fields, or six with seconds first, or `@daily` and the like),
 * and what Amazon EventBridge takes: `cron(0 9 * * ? *)`, or its six fields alone, known by the `?` that one of its days must be.
 * Throws a RangeError whose message says what is wrong.
 */
export function cronOf(pattern: string, timezone = 'UTC'): Cron {
  if (!isTimezone(timezone)) {
    throw new RangeError(`There is no time zone "${timezone}". Write one such as Europe/Prague or UTC.`)
  }
  try {
    return new Cron(asUnix(pattern.trim()), { timezone, paused: true })
  } catch (error) {
    throw new RangeError(
      `"${pattern}" is not a cron pattern. Write minute, hour, day, month and weekday, such as 0 9 * * 1-5.`,
      { cause: error },
    )
  }
}

/** The first times after `after`, oldest first; fewer when the pattern has no more. */
export function nextTimes(pattern: string, timezone: string, after: Date, count: number): Date[] {
  return cronOf(pattern, timezone).nextRuns(count, after)
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function asUnix(pattern: string): string {
  const wrapped = /^cron\((.*)\)$/i.exec(pattern)
  const fields = (wrapped?.[1] ?? pattern).trim().split(/\s+/)
  const [minute, hour, day, month, weekday, year] = fields
  const isAmazon = fields.length === 6 && (wrapped !== null || day === '?' || weekday === '?')
  if (!isAmazon) return wrapped ? fields.join(' ') : pattern
  return `0 ${minute} ${hour} ${anyDay(day)} ${month} ${unixWeekday(weekday)} ${year}`
}

function anyDay(field: string | undefined): string {
  return field === '?' || field === undefined ? '*' : field
}

/** Amazon counts weekdays from Sunday = 1; a number after # or / is no weekday. */
function unixWeekday(field: string | undefined): string {
  return anyDay(field).replace(/(?<![#/\d])\d/g, (digit) => String(Number(digit) - 1))
}
