'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ListVideo, RotateCw } from 'lucide-react'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { usePageTitle } from '@/components/session/page-title'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Segmented } from '@/components/ui/segmented'
import { Skeleton } from '@/components/ui/skeleton'
import { isTerminal, type RunStatus } from '@/flow/run/event'
import { ContinueManyDialog } from './continue-many-dialog'
import { FlowHeader } from './flow-header'
import { RunTable } from './run-table'

const filters = {
  all: { label: 'All', statuses: undefined },
  going: { label: 'Running', statuses: ['queued', 'running'] },
  waiting: { label: 'Waiting', statuses: ['waiting'] },
  completed: { label: 'Completed', statuses: ['completed'] },
  failed: { label: 'Failed', statuses: ['failed'] },
  cancelled: { label: 'Cancelled', statuses: ['cancelled'] },
} as const satisfies Record<string, { label: string; statuses: readonly RunStatus[] | undefined }>
type Filter = keyof typeof filters

const names = ['all', 'going', 'waiting', 'completed', 'failed', 'cancelled'] as const
const options = names.map((value) => ({ value, label: filters[value].label }))

const pageSize = 50
const refreshEveryMs = { going: 1_500, idle: 6_000 }

/** All runs of one flow, newest first, kept current. The filter is in the address. */
export function RunsPage({ flow }: { flow: string }) {
  const api = useTRPC()
  const [continuing, setContinuing] = useState<'failed' | 'cancelled' | null>(null)
  const asked = useSearchParams().get('status')
  const filter: Filter = names.find((name) => name === asked) ?? 'all'
  const statuses = filters[filter].statuses
  const head = useQuery(api.flows.get.queryOptions({ id: flow }))
  const runs = useInfiniteQuery({
    ...api.runs.list.infiniteQueryOptions(
      { flow, status: statuses ? [...statuses] : undefined, limit: pageSize },
      { getNextPageParam: (page) => page.cursor },
    ),
    refetchInterval: (query) => {
      const isGoing = query.state.data?.pages.some((page) =>
        page.items.some((run) => !isTerminal(run.status)),
      )
      return isGoing ? refreshEveryMs.going : refreshEveryMs.idle
    },
  })
  const name = head.data ? head.data.document.name || flow : undefined
  usePageTitle(name && `Runs of ${name}`)
  const items = runs.data?.pages.flatMap((page) => page.items) ?? []

  return (
    <div className="flex h-full flex-col">
      <FlowHeader flow={flow} name={name} />
      <main className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-5 py-6">
          <div className="mb-4 flex flex-wrap items-center gap-3">
            <h1 className="flex-1 text-xl font-semibold">Runs</h1>
            {(filter === 'failed' || filter === 'cancelled') && items.length > 0 && (
              <Button onClick={() => setContinuing(filter)}>
                <RotateCw /> Continue {filter} runs
              </Button>
            )}
            <div className="max-w-full overflow-x-auto">
              <Segmented label="Status" value={filter} options={options} onChange={showOnly} />
            </div>
          </div>
          {runs.isError && !runs.data ? (
            <LoadFailed
              title="The runs could not be loaded"
              error={runs.error}
              onRetry={() => void runs.refetch()}
            />
          ) : !runs.data ? (
            <div role="status" aria-label="Loading runs" className="flex flex-col gap-2">
              {[0, 1, 2, 3, 4, 5].map((each) => (
                <Skeleton key={each} className="h-10 rounded-md" />
              ))}
            </div>
          ) : items.length > 0 ? (
            <>
              <RunTable flow={flow} runs={items} />
              {runs.hasNextPage && (
                <div className="mt-4 flex justify-center">
                  <Button disabled={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
                    {runs.isFetchingNextPage ? 'Loading…' : 'Show older runs'}
                  </Button>
                </div>
              )}
            </>
          ) : head.isError && failureOf(head.error).code === 'NOT_FOUND' ? (
            <EmptyState
              icon={<ListVideo />}
              title="There is no such flow"
              action={
                <Button asChild>
                  <Link href="/flows">All flows</Link>
                </Button>
              }
            >
              {failureOf(head.error).message}
            </EmptyState>
          ) : filter === 'all' ? (
            <EmptyState
              icon={<ListVideo />}
              title="This flow has not run yet"
              action={
                <Button asChild variant="primary">
                  <Link href={`/flows/${flow}`}>Open the drawing and run it</Link>
                </Button>
              }
            >
              Every run is kept here with its whole history: open one to see it on the drawing, step by step.
            </EmptyState>
          ) : (
            <EmptyState
              icon={<ListVideo />}
              title={`No ${filters[filter].label.toLowerCase()} runs`}
              action={<Button onClick={() => showOnly('all')}>Show all runs</Button>}
            />
          )}
        </div>
      </main>
      {continuing && (
        <ContinueManyDialog flow={flow} status={continuing} onClose={() => setContinuing(null)} />
      )}
    </div>
  )
}

function showOnly(filter: Filter): void {
  const url = new URL(window.location.href)
  if (filter === 'all') url.searchParams.delete('status')
  else url.searchParams.set('status', filter)
  window.history.replaceState(null, '', url)
}
