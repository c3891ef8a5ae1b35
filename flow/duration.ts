/** Weeks, days, hours, minutes and seconds of ISO 8601; at least one of them. */
export const durationPattern =
  /^P(?!$)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/**
 * Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds (`P2D`, `PT1H30M`, `PT0.5S`).
 * Years and months have no fixed length and are refused. Null when the text is not such a duration, or one too long to
 * be counted.
 */
export function parseDurationMs(text: string): number | null {
  const match = durationPattern.exec(text)
  if (!match) return null
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  const wholeDays = weeks * 7 + days
  const ms = Math.round((((wholeDays * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
  return Number.isSafeInteger(ms) ? ms : null
}

export function isIsoDuration(text: string): boolean {
  return parseDurationMs(text) !== null
}

/** A duration as people read it: `0 ms`, `41 µs`, `182 ms`, `1.9 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs > 0 && durationMs < 1) return `${Math.round(durationMs * 1000)} µs`
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`
  const seconds = durationMs / 1_000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const wholeSeconds = Math.round(seconds)
  if (wholeSeconds < 3_600) return pair(wholeSeconds, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'min')
  return pair(Math.round(minutes / 60), 24, 'd', 'h')
}

/** An ISO 8601 duration in words, `PT1H30M` → `1 hour 30 minutes`; any other text as it stands. */
export function durationWords(text: string): string {
  const match = durationPattern.exec(text)
  if (!match) return text
  const units = ['week', 'day', 'hour', 'minute', 'second']
  return match
    .slice(1)
    .flatMap((count, index) =>
      count === undefined ? [] : [`${count} ${units[index]}${count === '1' ? '' : 's'}`],
    )
    .join(' ')
}

function pair(total: number, base: number, big: string, small: string): string {
  const rest = total % base
  return rest === 0 ? `${total / base} ${big}` : `${Math.floor(total / base)} ${big} ${rest} ${small}`
}
