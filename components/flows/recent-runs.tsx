import { statusWords } from '@/components/runs/run-words'
import { classNames } from '@/components/ui/class-names'
import type { RunStatus } from '@/flow/run/event'

const shown = 12

/** The last runs of a flow as a row of bars, the newest on the right. */
export function RecentRuns({ runs }: { runs: readonly RunStatus[] }) {
  if (runs.length === 0) return <span className="text-ink-faint text-xs">No runs yet</span>
  const recent = runs.slice(0, shown).reverse()
  return (
    <span role="img" aria-label={summaryOf(runs.slice(0, shown))} className="flex h-4 items-end gap-0.75">
      {recent.map((status, index) => (
        <i
          key={index}
          className={classNames(
            'w-1 rounded-full',
            status === 'completed' ? 'h-2.5' : 'h-4',
            statusWords[status].fill,
          )}
        />
      ))}
    </span>
  )
}

/** `Last 8 runs: 6 completed, 2 failed`. */
function summaryOf(runs: readonly RunStatus[]): string {
  const counts = new Map<RunStatus, number>()
  for (const status of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  const parts = [...counts].map(([status, count]) => `${count} ${statusWords[status].word.toLowerCase()}`)
  return `Last ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}: ${parts.join(', ')}`
}
