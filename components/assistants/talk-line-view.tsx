import { memo } from 'react'
import { SquareFunction } from 'lucide-react'
import Link from 'next/link'
import { classNames } from '@/components/ui/class-names'
import { MarkdownView } from '@/components/ui/markdown-view'
import { Pill, type PillTone } from '@/components/ui/pill'
import type { TalkLine } from './talk'

/** One line of a talk: what somebody said, or a function that was called. */
export const TalkLineView = memo(function TalkLineView({ line }: { line: TalkLine }) {
  if (line.kind === 'call') return <CallLine call={line} />
  const isOurs = line.kind === 'user'
  return (
    <li className={classNames('flex', isOurs && 'justify-end')}>
      <span className="sr-only">{isOurs ? 'You: ' : 'Assistant: '}</span>
      <div
        className={classNames(
          'max-w-[85%] min-w-0 rounded-2xl border px-3.5 py-2 wrap-break-word',
          isOurs
            ? 'border-accent-soft bg-accent-soft whitespace-pre-wrap'
            : 'border-line bg-surface-raised flex flex-col gap-2',
        )}
      >
        {isOurs ? line.text : <MarkdownView source={line.text} />}
      </div>
    </li>
  )
})

const tones: Record<string, PillTone> = {
  success: 'completed',
  error: 'failed',
  waiting: 'waiting',
  pending: 'waiting',
}

function CallLine({ call }: { call: Extract<TalkLine, { kind: 'call' }> }) {
  const { tool, called } = call
  const status = called === null ? 'running' : String(called.result.status ?? 'success')
  return (
    <li className="border-line rounded-xl border">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-center gap-2 px-3 py-2 text-sm">
          <SquareFunction aria-hidden className="text-category-agent size-4 shrink-0" />
          <code className="min-w-0 flex-1 truncate text-xs">{tool}</code>
          <Pill tone={called === null ? 'running' : (tones[status] ?? 'neutral')}>{status}</Pill>
        </summary>
        <div className="border-line flex flex-col gap-2 border-t px-3 py-2.5">
          <Value label="Given" value={call.arguments} />
          {called && <Value label="Result" value={called.result} />}
          {called?.run && called.flow && (
            <Link
              href={`/flows/${called.flow}/runs/${called.run}`}
              className="text-accent self-start rounded-sm text-sm hover:underline"
            >
              Open the run
            </Link>
          )}
        </div>
      </details>
    </li>
  )
}

function Value({ label, value }: { label: string; value: object }) {
  return (
    <div>
      <p className="text-ink-muted text-xs font-medium">{label}</p>
      <pre className="overflow-x-auto font-mono text-xs">{JSON.stringify(value, null, 2)}</pre>
    </div>
  )
}
