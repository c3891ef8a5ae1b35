/** A moment as a wall clock shows it. `day` counts days since 1970-01-01, `second` those since midnight. */
export interface WallTime {
  day: number
  second: number
}

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat | null>()

export function isTimezone(name: string): boolean {
  return formatOf(name) !== null
}

/** What a clock in the zone shows. */
export function wallTimeOf(atMs: number, timezone: string): WallTime {
  const localMs = atMs + offsetMs(atMs, timezone)
  const day = Math.floor(localMs / dayMs)
  return { day, second: Math.floor((localMs - day * dayMs) / 1_000) }
}

/**
 * When a clock in the zone first shows that time; null when it never does, because the clocks were put forward over it.
 * Of a time that comes twice, because they were put back, the first.
 */
export function momentOf({ day, second }: WallTime, timezone: string): number | null {
  const localMs = day * dayMs + second * 1_000
  // Zones are within 14 hours of UTC, so a day to either side lies before and after any change that matters.
  const offsets = [offsetMs(localMs - dayMs, timezone), offsetMs(localMs + dayMs, timezone)]
  const moments = offsets
    .map((offset) => ({ atMs: localMs - offset, offset }))
    .filter(({ atMs, offset }) => offsetMs(atMs, timezone) === offset)
  return moments.length === 0 ? null : Math.min(...moments.map(({ atMs }) => atMs))
}

/** What must be added to UTC to get the zone's time. */
function offsetMs(atMs: number, timezone: string): number {
  if (timezone === 'UTC') return 0
  const format = formatOf(timezone)
  if (!format) throw new RangeError(`There is no time zone "${timezone}".`)
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const wholeMs = Math.floor(atMs / 1_000) * 1_000
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs
}

/** Making one costs 50 µs, using it 3. */
function formatOf(timezone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  let format: Intl.DateTimeFormat | null = null
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    // Intl knows no such zone.
  }
  if (formats.size > 500) formats.clear()
  formats.set(timezone, format)
  return format
}
