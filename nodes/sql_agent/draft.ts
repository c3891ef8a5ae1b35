import type { Table } from './tables'

/*
 * What the offline model proposes: it knows no language, so the statement is put together by rules from the words of the
 * question and the names in the database. It finds counts, sums, averages, extremes, groups and simple conditions.
 */

type Column = Table['columns'][number]

/** A statement for the question, or null when it names nothing that is in the database. */
export function draftedSql(question: string, tables: readonly Table[], maxRows: number): string | null {
  const words = wordsIn(question)
  const ranked = tables
    .map((table) => ({ table, score: scoreOf(table, words) }))
    .sort((one, other) => other.score - one.score)
  const best = ranked[0]
  if (!best || (best.score === 0 && tables.length > 1)) return null
  const { table } = best
  const named = table.columns.filter((column) => names(column, words))
  const number = named.find(isNumber) ?? table.columns.find((column) => isNumber(column) && !isKey(column))
  const group = groupOf(question, table)
  const where = conditionOf(question, table, number)
  const rest = `from ${table.name}${where ? ` where ${where}` : ''}`
  const extreme = extremeOf(question)
  const measure = extreme ? null : measureOf(question, number)
  if (measure && group)
    return `select ${group.name}, ${measure} ${rest} group by ${group.name} order by 2 desc limit ${maxRows}`
  if (measure) return `select ${measure} ${rest}`
  if (extreme && number) return `select * ${rest} order by ${number.name} ${extreme} limit 1`
  return `select * ${rest} limit ${maxRows}`
}

/** The rows as a sentence. */
export function toldRows(rows: readonly object[]): string {
  const [first] = rows
  if (!first) return 'There is nothing like that in the database.'
  const told = rows.slice(0, 10).map((row) => {
    const members = Object.entries(row).map(([name, value]) => `${name}: ${String(value)}`)
    return `- ${members.join(', ')}`
  })
  const more = rows.length > told.length ? [`- and ${rows.length - told.length} more`] : []
  return [rows.length === 1 ? 'One row:' : `${rows.length} rows:`, ...told, ...more].join('\n')
}

function wordsIn(text: string): Set<string> {
  return new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem))
}

function stem(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '')
}

const partsOf = (name: string) => [...wordsIn(name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' '))]
const names = (column: Column, words: Set<string>) => partsOf(column.name).some((part) => words.has(part))
const isNumber = ({ type }: Column) => /^(smallint|integer|bigint|numeric|real|double|money)/.test(type)
const isText = ({ type }: Column) => /^(text|character|citext|varchar)/.test(type)
const isKey = ({ name }: Column) => /(^|_)id"?$/i.test(name)

function scoreOf(table: Table, words: Set<string>): number {
  const own = partsOf(table.name.split('.').at(-1) ?? '').filter((part) => words.has(part)).length
  return own * 3 + table.columns.filter((column) => names(column, words)).length
}

/** `over 100`, `at most 5.5`. */
const limit = /\b(over|above|more than|at least|under|below|less than|at most)\s+(\d+(?:\.\d+)?)/i

function measureOf(question: string, number: Column | undefined): string | null {
  if (/\b(how many|number of|count)\b/i.test(question)) return 'count(*) as count'
  if (!number || limit.test(question)) return null
  if (/\b(average|mean)\b/i.test(question)) return `avg(${number.name}) as average`
  return /\b(total|sum|altogether|revenue|turnover)\b/i.test(question) ? `sum(${number.name}) as total` : null
}

function extremeOf(question: string): 'asc' | 'desc' | null {
  const words = question.replace(limit, '')
  if (/\b(highest|largest|biggest|most|maximum|top)\b/i.test(words)) return 'desc'
  return /\b(lowest|smallest|cheapest|least|minimum)\b/i.test(words) ? 'asc' : null
}

function groupOf(question: string, table: Table): Column | undefined {
  const by = /\b(?:per|by|for each|of each|each)\s+([\p{L}\p{N}_]+)/iu.exec(question)?.[1]
  return by === undefined ? undefined : table.columns.find((column) => names(column, wordsIn(by)))
}

function conditionOf(question: string, table: Table, number: Column | undefined): string {
  const parts: string[] = []
  const [, words, amount] = limit.exec(question) ?? []
  if (words && amount && number) {
    const signs: Record<string, string> = { 'at least': '>=', 'at most': '<=' }
    const sign = signs[words.toLowerCase()] ?? (/over|above|more/i.test(words) ? '>' : '<')
    parts.push(`${number.name} ${sign} ${amount}`)
  }
  const texts = table.columns.filter(isText)
  for (const value of texts.length > 0 ? valuesIn(question) : []) {
    const like = `'%${value.replace(/[\\%_]/g, '\\$&').replaceAll("'", "''")}%'`
    parts.push(`(${texts.map(({ name }) => `${name} ilike ${like}`).join(' or ')})`)
  }
  return parts.join(' and ')
}

/** What stands in quotes, and names: words with a capital that do not begin the sentence. */
function valuesIn(question: string): string[] {
  const quoted = [
    ...question.matchAll(/"([^"]{1,100})"|“([^”]{1,100})”|‘([^’]{1,100})’|'([^']{1,100})'/g),
  ].map((found) => found.slice(1).find((value) => value !== undefined) ?? '')
  if (quoted.length > 0) return quoted.slice(0, 3)
  return [...question.matchAll(/(?<=[\p{L}\p{N},]\s)\p{Lu}[\p{L}\p{N}-]+/gu)]
    .map(([value]) => value)
    .slice(0, 3)
}
