'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { Skeleton } from '@/components/ui/skeleton'

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** What keeps an assistant from working, and what may surprise. */
export function ReportPanel({ id, userKind }: { id: string; userKind: string | undefined }) {
  const api = useTRPC()
  const report = useQuery({
    ...api.assistants.report.queryOptions({ id, userKind }),
    placeholderData: keepPreviousData,
  })
  if (report.isError && !report.data) {
    return (
      <LoadFailed
        title="The assistant could not be checked"
        error={report.error}
        onRetry={() => void report.refetch()}
      />
    )
  }
  if (!report.data) {
    return (
      <div role="status" aria-label="Checking the assistant" className="mt-4">
        <Skeleton className="h-40 rounded-xl" />
      </div>
    )
  }
  const { valid, problems, tool_count: tools, function_count: functions } = report.data
  return (
    <div className="mt-4 flex flex-col gap-4">
      <p className="flex items-center gap-2">
        {valid ? (
          <CircleCheck aria-hidden className="text-status-completed size-4" />
        ) : (
          <CircleAlert aria-hidden className="text-status-failed size-4" />
        )}
        <span className="font-semibold">{valid ? 'It can work' : 'Something is wrong'}</span>
        <span className="text-ink-muted">
          {counted(tools, 'tool')}, {counted(functions, 'function')}
        </span>
      </p>
      {problems.length > 0 && (
        <ul className="border-line bg-surface divide-line divide-y rounded-xl border">
          {problems.map(({ code, severity, flow = '', tool = '', message }) => (
            <li key={`${code} ${flow} ${tool}`} className="flex items-start gap-2.5 px-4 py-3">
              {severity === 'error' ? (
                <CircleAlert aria-label="Error" className="text-status-failed mt-0.5 size-4 shrink-0" />
              ) : (
                <TriangleAlert aria-label="Warning" className="text-status-waiting mt-0.5 size-4 shrink-0" />
              )}
              <span className="min-w-0 wrap-break-word">{message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
