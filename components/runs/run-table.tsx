'use client'

import Link from 'next/link'
import type { ApiOutput } from '@/components/api/trpc'
import { formatDurationMs } from '@/flow/duration'
import { isTerminal } from '@/flow/run/event'
import { useNow } from './clock'
import { RunPill } from './run-pill'
import { agoWords, causeWords, dateTimeWords, runName, versionWords } from './run-words'

type RunRow = ApiOutput['runs']['list']['items'][number]

const columns = ['Status', 'Run', 'Version', 'Started by', 'Started', 'Took', 'Error']

export function RunTable({ flow, runs }: { flow: string; runs: readonly RunRow[] }) {
  const isGoing = runs.some((run) => run.status === 'running')
  const nowMs = useNow(true, isGoing ? 1_000 : 30_000)
  return (
    <div className="border-line bg-surface overflow-x-auto rounded-xl border">
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="text-ink-faint text-xs">
            {columns.map((name) => (
              <th key={name} scope="col" className="border-line border-b px-3.5 py-2 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className="border-line hover:bg-surface-raised relative not-last:border-b">
              <td className="px-3.5 py-2">
                <RunPill status={run.status} />
              </td>
              <td className="px-3.5 py-2 font-medium whitespace-nowrap">
                <Link href={`/flows/${flow}/runs/${run.id}`} className="after:absolute after:inset-0">
                  {runName(run.number)}
                </Link>
              </td>
              <td className="text-ink-muted px-3.5 py-2">{versionWords(run.version)}</td>
              <td className="text-ink-muted px-3.5 py-2 whitespace-nowrap">{causeWords(run.cause)}</td>
              <td className="text-ink-muted px-3.5 py-2 whitespace-nowrap">
                {run.startedAt ? (
                  <time dateTime={run.startedAt} title={dateTimeWords(run.startedAt)}>
                    {agoWords(run.startedAt, nowMs)}
                  </time>
                ) : (
                  'not yet'
                )}
              </td>
              <td className="text-ink-muted px-3.5 py-2 whitespace-nowrap">{tookWords(run, nowMs)}</td>
              <td className="text-ink-muted max-w-80 truncate px-3.5 py-2" title={run.error?.message}>
                {run.error && (
                  <>
                    <span className="text-status-failed font-mono text-xs">{run.error.code}</span>{' '}
                    {run.error.message}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function tookWords(run: RunRow, nowMs: number): string {
  if (run.durationMs !== null) return formatDurationMs(run.durationMs)
  if (!run.startedAt || isTerminal(run.status)) return ''
  return formatDurationMs(Math.max(1_000, Math.floor((nowMs - Date.parse(run.startedAt)) / 1_000) * 1_000))
}
