'use client'

import { useQuery } from '@tanstack/react-query'
import { Link2Off } from 'lucide-react'
import { useEffect, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { FlowCanvas } from '@/components/canvas/flow-canvas'
import { LoadFailed } from '@/components/flows/load-failed'
import { createRunStore, RunStoreProvider } from '@/components/runs/run-store'
import { RunViewer } from '@/components/runs/run-viewer'
import { runName } from '@/components/runs/run-words'
import { usePageTitle } from '@/components/session/page-title'
import { EmptyState } from '@/components/ui/empty-state'
import { isTerminal } from '@/flow/run/event'

const refreshEveryMs = 2_000

/** What anyone with the link sees: the flow, with its run when the link names one. Nothing of the workspace. */
export function SharedFlowPage({ token }: { token: string }) {
  const api = useTRPC()
  const shared = useQuery({
    ...api.shares.get.queryOptions({ token }),
    refetchInterval: ({ state }) => {
      const run = state.data?.run
      return run && !isTerminal(run.status) ? refreshEveryMs : false
    },
  })
  usePageTitle(shared.data?.flowName)
  if (shared.data) return <Shared {...shared.data} />
  if (!shared.isError) return <main aria-busy className="h-full" />
  return failureOf(shared.error).code === 'NOT_FOUND' ? (
    <main className="grid h-full place-items-center">
      <EmptyState icon={<Link2Off />} title="This link does not work any more">
        It was revoked, or it was not copied as a whole. Ask the person who sent it for a new one.
      </EmptyState>
    </main>
  ) : (
    <main className="grid h-full place-items-center">
      <LoadFailed
        title="This flow could not be loaded"
        error={shared.error}
        onRetry={() => void shared.refetch()}
      />
    </main>
  )
}

function Shared({ document, run, flowName }: ApiOutput['shares']['get']) {
  const [store] = useState(() => createRunStore())
  const runId = run?.id
  const events = run?.events
  useEffect(() => {
    if (runId === undefined || !events) return
    if (store.getState().runId !== runId) store.open(runId, document)
    store.append(events)
    const { latest } = store.getState()
    store.setConnection(latest && isTerminal(latest.status) ? 'ended' : 'live')
  }, [store, runId, events, document])
  return (
    <RunStoreProvider store={store}>
      <div className="flex h-full flex-col">
        <header className="border-line bg-surface z-20 flex h-12 shrink-0 items-center gap-2.5 border-b px-4">
          <h1 className="truncate font-semibold">{flowName}</h1>
          {run && <span className="text-ink-faint whitespace-nowrap">{runName(run.number)}</span>}
        </header>
        {run ? (
          <RunViewer document={document} canAnswer={false} />
        ) : (
          <main className="relative min-h-0 flex-1">
            <FlowCanvas document={document} readOnly />
          </main>
        )}
      </div>
    </RunStoreProvider>
  )
}
