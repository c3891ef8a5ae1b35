import type { Find } from './nearest'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month = `(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\\b\\.?`
const day = '\\d{1,2}(?:st|nd|rd|th)?'

/** A month alone is one only after a word that leads to a time: `may` and `march` mean other things too. */
const written = new RegExp(
  [
    '\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)?)?',
    '\\b\\d{1,2}[./-]\\s?\\d{1,2}[./-]\\s?(?:\\d{4}|\\d{2})\\b',
    `\\b${day}\\.?\\s(?:of\\s)?${month}(?:,?\\s\\d{4})?`,
    `\\b${month}\\s${day}(?:,?\\s\\d{4})?\\b`,
    `(?<=\\b(?:in|by|until|till|since|from|next|last|this|of)\\s)${month}(?:,?\\s\\d{4})?`,
    `\\b${month}\\s\\d{4}\\b`,
    '\\b(?:today|tomorrow|yesterday|(?:next\\s|last\\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|next\\s(?:week|month|year))\\b',
  ].join('|'),
  'gi',
)

/** The dates of a text as they are said. */
export function datesIn(text: string): Find<string>[] {
  return [...text.matchAll(written)].map((match) => ({
    value: match[0].trim(),
    index: match.index,
    length: match[0].length,
  }))
}

/** `YYYY-MM-DD`, or undefined when it is not said which day. Day before month in `3/4/2026`; `tomorrow` needs to know today. */
export function isoDate(said: string, today?: string): string | undefined {
  const days = relative[said.toLowerCase()]
  if (days !== undefined) return today === undefined ? undefined : dayAfter(today, days)
  const iso = /\d{4}-\d\d-\d\d/.exec(said)?.[0]
  if (iso) return isDay(iso) ? iso : undefined
  const numbers = /^(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})$/.exec(said)
  if (numbers) {
    const [first, second, year] = [Number(numbers[1]), Number(numbers[2]), fullYear(Number(numbers[3]))]
    return second > 12 ? dayOf(year, first, second) : dayOf(year, second, first)
  }
  const year = /\b\d{4}\b/.exec(said)?.[0]
  const name = months.findIndex((each) => new RegExp(`\\b${each}`, 'i').test(said))
  if (!year || name < 0) return undefined
  const inMonth = /\b(\d{1,2})(?:st|nd|rd|th)?\b/i.exec(said)?.[1]
  return dayOf(Number(year), name + 1, Number(inMonth ?? 1))
}

const relative: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1, 'next week': 7 }

function dayAfter(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The day that instructions call today: the offline model has no clock. */
export function todayIn(instructions: string): string | undefined {
  return /\btoday(?:'s date)?(?: is|:) (\d{4}-\d\d-\d\d)\b/i.exec(instructions)?.[1]
}

function fullYear(year: number): number {
  return year >= 100 ? year : year < 50 ? 2000 + year : 1900 + year
}

function dayOf(year: number, inYear: number, inMonth: number): string | undefined {
  const text = [String(year).padStart(4, '0'), two(inYear), two(inMonth)].join('-')
  return isDay(text) ? text : undefined
}

/** The 31st of February is none. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

const clock =
  /(?<![\d:.-])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?![\d.:]*\d)|\b(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?|\b(?:noon|midnight)\b|\b(?:[01]?\d|2[0-3])\s?o'clock\b/gi

/** The times of day of a text, as `HH:MM`. */
export function timesIn(text: string): Find<string>[] {
  return [...text.matchAll(clock)].map((match) => ({
    value: timeOf(match[0]),
    index: match.index,
    length: match[0].length,
  }))
}

function timeOf(said: string): string {
  if (/noon/i.test(said)) return '12:00'
  if (/midnight/i.test(said)) return '00:00'
  const [, hour = '0', minute = '00'] = /(\d{1,2})(?:[:.h](\d\d))?/i.exec(said) ?? []
  const isAfternoon = /p\.?m/i.test(said)
  const isMorning = /a\.?m/i.test(said)
  const hours = isAfternoon ? (Number(hour) % 12) + 12 : isMorning ? Number(hour) % 12 : Number(hour)
  return `${two(hours)}:${minute}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
