/** What came of one fault. */
export interface Tried {
  fault: string
  /** How often it was made to happen. */
  tries: number
  /** What is gone, or not as it would have been without the fault; each as a sentence. */
  lost: string[]
  /** Effects that were performed once too often. */
  doubled: string[]
  /** From the fault until what it stopped went on. */
  resumesMs: readonly number[]
  /** What the 95th percentile of these must stay below. */
  aimMs?: number
  /** What else is worth knowing. */
  note?: string
}

export function isGood({ lost, doubled, resumesMs, aimMs }: Tried): boolean {
  return lost.length === 0 && doubled.length === 0 && (aimMs === undefined || !(p95(resumesMs) > aimMs))
}

/** Prints a Markdown table, ready for docs/faults.md, and below it what went wrong. */
export function printTable(all: readonly Tried[]): void {
  const lines = [
    ['fault', 'tries', 'lost', 'doubled', 'p95 to resume', 'note'],
    ...all.map((one) => [
      one.fault,
      String(one.tries),
      String(one.lost.length),
      String(one.doubled.length),
      resume(one),
      one.note ?? '',
    ]),
  ]
  const widths = [0, 1, 2, 3, 4, 5].map((at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const draw = (line: string[]) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = lines
  console.log(`\n${draw(head)}`)
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  for (const line of body) console.log(draw(line))
  for (const { fault, lost, doubled } of all) {
    for (const sentence of lost.slice(0, 20)) console.log(`\n${fault}, lost: ${sentence}`)
    for (const sentence of doubled.slice(0, 20)) console.log(`\n${fault}, doubled: ${sentence}`)
  }
}

function resume({ resumesMs, aimMs }: Tried): string {
  if (resumesMs.length === 0) return ''
  const measured = `${(p95(resumesMs) / 1_000).toFixed(2)} s`
  return aimMs === undefined ? measured : `${measured} (aim ${aimMs / 1_000} s)`
}

function p95(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN
}
