import { readField, readNumber, wrong, type FieldSpec } from './field'

/** The days of a month, from 1, on which a rule holds. `weekdayOfFirst` is 0 for Sunday. */
export type DayRule = (month: { days: number; weekdayOfFirst: number }) => number[]

const dayOfMonth: FieldSpec = { name: 'day of the month', min: 1, max: 31 }
const weekdayWords = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
/** Unix counts from Sunday = 0, and lets 7 be Sunday too; Amazon from Sunday = 1. */
const weekdays: Record<'unix' | 'amazon', FieldSpec> = {
  unix: { name: 'weekday', min: 0, max: 7, words: [...weekdayWords, 'SUN'], stepsTo: 6 },
  amazon: { name: 'weekday', min: 1, max: 7, words: weekdayWords },
}

/** `15`, `1-7`, `L` (the last), `L-3` (three before it), `15W` (the workday nearest to it), `LW` (the last workday). */
export function readDaysOfMonth(text: string): DayRule {
  return anyOf(text.split(',').map(readDayOfMonth))
}

function readDayOfMonth(part: string): DayRule {
  const last = /^L(?:-(\d{1,2}))?$/i.exec(part)
  if (last) {
    const before = Number(last[1] ?? 0)
    if (before > 30) throw wrong(`"${part}" is more days before the end than a month has.`)
    return ({ days }) => (days > before ? [days - before] : [])
  }
  if (/^LW$/i.test(part)) return (month) => [nearestWorkday(month.days, month)]
  const near = /^(\d{1,2})W$/i.exec(part)
  if (near) {
    const day = readNumber(near[1] ?? '', dayOfMonth)
    return (month) => (day > month.days ? [] : [nearestWorkday(day, month)])
  }
  const wanted = readField(part, dayOfMonth)
  return ({ days }) => wanted.filter((day) => day <= days)
}

/** Never in another month: Saturday the first becomes Monday the third. */
function nearestWorkday(day: number, { days, weekdayOfFirst }: Parameters<DayRule>[0]): number {
  const weekday = (weekdayOfFirst + day - 1) % 7
  if (weekday === 6) return day === 1 ? day + 2 : day - 1
  if (weekday === 0) return day === days ? day - 2 : day + 1
  return day
}

/** `MON`, `1-5`, `L` (Saturday), `6L` (the month's last such day), `MON#2` (its second Monday). */
export function readWeekdays(text: string, counting: 'unix' | 'amazon'): DayRule {
  return anyOf(text.split(',').map((part) => readWeekday(part, weekdays[counting])))
}

function readWeekday(part: string, spec: FieldSpec): DayRule {
  const number = (text: string) => (readNumber(text, spec) - spec.min) % 7
  if (/^L$/i.test(part)) return daysOf([6])
  const last = /^(\w+)L$/i.exec(part)
  if (last) {
    const days = daysOf([number(last[1] ?? '')])
    return (month) => days(month).slice(-1)
  }
  const nth = /^(\w+)#(\w*)$/.exec(part)
  if (nth) {
    const days = daysOf([number(nth[1] ?? '')])
    const which = Number(nth[2])
    if (!(which >= 1 && which <= 5)) throw wrong(`"${part}": write a number from 1 to 5 after #.`)
    return (month) => days(month).slice(which - 1, which)
  }
  return daysOf(readField(part, spec).map((each) => (each - spec.min) % 7))
}

/** Every day of the month that is one of these weekdays. */
function daysOf(wanted: readonly number[]): DayRule {
  return ({ days, weekdayOfFirst }) =>
    range(days).filter((day) => wanted.includes((weekdayOfFirst + day - 1) % 7))
}

export const everyDay: DayRule = ({ days }) => range(days)

const range = (days: number) => Array.from({ length: days }, (_, index) => index + 1)

export function anyOf(rules: readonly DayRule[]): DayRule {
  return (month) => [...new Set(rules.flatMap((rule) => rule(month)))].sort((a, b) => a - b)
}

export function allOf(one: DayRule, other: DayRule): DayRule {
  return (month) => {
    const days = other(month)
    return one(month).filter((day) => days.includes(day))
  }
}
