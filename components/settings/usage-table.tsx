import { knownCostWords, tokenWords } from '@/components/models/usage-words'
import type { UsageReport } from './usage-page'

const heads: Record<UsageReport['by'], string> = {
  day: 'Day',
  model: 'Model',
  flow: 'Flow',
  step: 'Step',
  run: 'Run',
}

/** The parts of a report, those that cost most first. */
export function UsageTable({ report: { by, items } }: { report: UsageReport }) {
  if (items.length === 0) {
    return (
      <p className="border-line bg-surface text-ink-muted rounded-xl border px-4 py-6 text-center">
        Nobody has asked a model in this time.
      </p>
    )
  }
  return (
    <div
      className="border-line bg-surface overflow-x-auto rounded-xl border"
      tabIndex={0}
      role="region"
      aria-label={`Usage by ${by}`}
    >
      <table className="w-full text-left">
        <thead className="text-ink-muted border-line border-b text-xs">
          <tr>
            <th scope="col" className="px-4 py-2 font-medium">
              {heads[by]}
            </th>
            {['Calls', 'Tokens in', 'Tokens out', 'Cost'].map((head) => (
              <th key={head} scope="col" className="px-4 py-2 text-right font-medium whitespace-nowrap">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-line divide-y tabular-nums">
          {items.map((item) => (
            <tr key={item.key}>
              <th scope="row" className="px-4 py-2 font-mono text-sm font-normal sm:break-all">
                {item.key}
              </th>
              <td className="px-4 py-2 text-right">{tokenWords(item.calls)}</td>
              <td className="px-4 py-2 text-right">{tokenWords(item.inputTokens)}</td>
              <td className="px-4 py-2 text-right">{tokenWords(item.outputTokens)}</td>
              <td className="px-4 py-2 text-right whitespace-nowrap">{knownCostWords(item)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
