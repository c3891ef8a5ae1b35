/** A field of a cron pattern: what its numbers count, and how they may be written. */
export interface FieldSpec {
  /** For messages: `minute`, `day of the month`. */
  name: string
  min: number
  max: number
  /** Three letters for each number from `min` on. */
  words?: readonly string[]
  /** Where `5/2` ends; at `max` when not said. */
  stepsTo?: number
}

/** Says what is wrong with a schedule, and how to write it instead. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
  constructor(
    readonly code: 'cron_invalid' | 'timezone_unknown',
    message: string,
  ) {
    super(message)
  }
}

export function wrong(message: string): ScheduleError {
  return new ScheduleError('cron_invalid', message)
}

/** The numbers that a field allows, ascending. Throws ScheduleError. */
export function readField(text: string, spec: FieldSpec): number[] {
  const numbers = new Set<number>()
  for (const part of text.split(',')) for (const number of readPart(part, spec)) numbers.add(number)
  return [...numbers].sort((a, b) => a - b)
}

// Every number (a star), `5`, `5-10`, and with a step `5/2`, `5-10/2`. A range that begins behind its end goes round: `FRI-MON`.
function readPart(part: string, spec: FieldSpec): number[] {
  const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(part) ?? []
  if (from === '') throw notIn(part, spec)
  const by = step === undefined ? 1 : Number(step)
  if (by < 1) throw wrong(`A step must be 1 or more, not ${step} as in "${part}".`)
  if (from === '*') {
    if (to !== undefined) throw notIn(part, spec)
    return range(spec.min, spec.stepsTo ?? spec.max, by)
  }
  const first = readNumber(from, spec)
  if (to === undefined)
    return step === undefined ? [first] : range(first, Math.max(first, spec.stepsTo ?? spec.max), by)
  const last = readNumber(to, spec)
  if (first <= last) return range(first, last, by)
  const size = spec.max - spec.min + 1
  return range(first, last + size, by).map((number) => ((number - spec.min) % size) + spec.min)
}

function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by)
}

/** A number or word of the field. Throws ScheduleError. */
export function readNumber(text: string, spec: FieldSpec): number {
  const word = spec.words?.indexOf(text.toUpperCase()) ?? -1
  if (word !== -1) return spec.min + word
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN
  if (!(number >= spec.min && number <= spec.max)) throw notIn(text, spec)
  return number
}

function notIn(text: string, { name, min, max, words }: FieldSpec): ScheduleError {
  const named = words ? ` or ${words[0]} to ${words.at(-1)}` : ''
  return wrong(`"${text}" is no ${name}: write ${min} to ${max}${named}, *, a list, a range or a step.`)
}
