import { z } from 'zod'

/** One measured number. `aim` is what it should reach; a ratio of 1 or more reaches it. */
export const rowSchema = z.object({
  what: z.string(),
  value: z.number(),
  unit: z.string(),
  aim: z.number().optional(),
  /** Which side of the aim is good. */
  better: z.enum(['more', 'less']).default('more'),
})
export type Row = z.input<typeof rowSchema>

/** Prints a Markdown table, ready for docs/. */
export function printTable(title: string, rows: readonly Row[]): void {
  const lines = [
    ['what', 'measured', 'aim', 'ratio'],
    ...rows.map((row) => [row.what, shown(row.value, row.unit), ...against(row)]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines
  console.log(`\n### ${title}\n`)
  console.log(draw(head))
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  for (const line of body) console.log(draw(line))
}

function against({ value, unit, aim, better = 'more' }: Row): [string, string] {
  if (aim === undefined) return ['', '']
  const ratio = better === 'more' ? value / aim : aim / value
  return [`${better === 'more' ? '≥' : '≤'} ${shown(aim, unit)}`, ratio.toFixed(2)]
}

function shown(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`
}

/** The value below which that share (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN
}
