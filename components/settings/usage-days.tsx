import { knownCostWords, tokenWords } from '@/components/models/usage-words'
import type { UsageReport } from './usage-page'

const dayMs = 24 * 60 * 60 * 1_000

/** A bar for each day of the period: its cost, or its tokens while nothing has cost anything. */
export function UsageDays({ report }: { report: UsageReport }) {
  const known = new Map(report.items.map((item) => [item.key, item]))
  const days = daysOf(report)
  const isFree = report.total.cost === 0
  const amountOf = (key: string) => {
    const item = known.get(key)
    if (!item) return 0
    return isFree ? item.inputTokens + item.outputTokens : item.cost
  }
  const most = Math.max(...days.map(amountOf), 0)
  if (most === 0) return null
  return (
    <figure className="border-line bg-surface rounded-xl border px-4 pt-4 pb-3">
      <ol className="flex h-28 items-end gap-px">
        {days.map((key) => {
          const item = known.get(key)
          const words = item
            ? `${key}: ${knownCostWords(item)}, ${tokenWords(item.inputTokens + item.outputTokens)} tokens`
            : `${key}: nothing`
          return (
            <li key={key} title={words} className="flex h-full min-w-0 flex-1 items-end">
              <span className="sr-only">{words}</span>
              <span
                aria-hidden
                className="bg-category-agent block w-full rounded-t-sm"
                style={{ height: `${item ? Math.max(2, (amountOf(key) / most) * 100) : 0}%` }}
              />
            </li>
          )
        })}
      </ol>
      <figcaption className="text-ink-faint border-line mt-1 flex justify-between border-t pt-1 text-xs tabular-nums">
        <span>{days[0]}</span>
        <span>{isFree ? 'Tokens a day' : 'Cost a day'}</span>
        <span>{days.at(-1)}</span>
      </figcaption>
    </figure>
  )
}

function daysOf({ from, to }: UsageReport): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); at < Date.parse(to); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}
