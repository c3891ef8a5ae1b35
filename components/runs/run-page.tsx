'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Download, Share2, Square } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { useFlowActions } from '@/components/flows/flow-actions'
import { LoadFailed } from '@/components/flows/load-failed'
import { usePageTitle } from '@/components/session/page-title'
import { ShareDialog } from '@/components/share/share-dialog'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toaster'
import { isTerminal } from '@/flow/run/event'
import { FlowHeader } from './flow-header'
import { useFollowRun } from './follow'
import { createRunStore, RunStoreProvider, useRunStore, useRunStatus } from './run-store'
import { RunViewer } from './run-viewer'
import { runName } from './run-words'

const formats = [
  { format: 'text', label: 'As text' },
  { format: 'mermaid', label: 'As Mermaid' },
  { format: 'json', label: 'Flow as JSON' },
] as const

/** One run of a flow, live or past, on the version that ran. */
export function RunPage({ flow, run }: { flow: string; run: string }) {
  const [store] = useState(() => createRunStore())
  return (
    <RunStoreProvider store={store}>
      <OpenRun flow={flow} run={run} />
    </RunStoreProvider>
  )
}

function OpenRun({ flow, run }: { flow: string; run: string }) {
  const api = useTRPC()
  const store = useRunStore()
  const status = useRunStatus()
  const { exportAs } = useFlowActions()
  const [isSharing, setSharing] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  // What ran never changes; how it goes on comes with its events.
  const found = useQuery({ ...api.runs.get.queryOptions({ id: run }), staleTime: Infinity })
  const document = found.data?.document ?? null
  useFollowRun(store, run, document, setRefusal)
  const cancel = useMutation(
    api.runs.cancel.mutationOptions({
      onError: (error) => toast.error('The run was not cancelled', { description: failureOf(error).message }),
    }),
  )
  const name = document ? document.name || flow : undefined
  const title = found.data && runName(found.data.number)
  usePageTitle(title && `${title} of ${name}`)
  const error = found.error ?? refusal

  return (
    <div className="flex h-full flex-col">
      <FlowHeader flow={flow} name={name} place={title && <RunCrumb title={title} />}>
        {status && !isTerminal(status) && (
          <Button disabled={cancel.isPending} onClick={() => cancel.mutate({ id: run })}>
            <Square /> Cancel run
          </Button>
        )}
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost">
              <Download /> <span className="max-sm:sr-only">Export</span>
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {formats.map(({ format, label }) => (
              <DropdownMenuItem key={format} onSelect={() => exportAs.mutate({ id: flow, format, run })}>
                {label}
              </DropdownMenuItem>
            ))}
          </DropdownMenuContent>
        </DropdownMenu>
        <Button variant="ghost" onClick={() => setSharing(true)}>
          <Share2 /> <span className="max-sm:sr-only">Share</span>
        </Button>
      </FlowHeader>
      {error ? (
        <main className="flex-1">
          <LoadFailed
            title="This run could not be opened"
            error={error}
            onRetry={() => {
              setRefusal(null)
              void found.refetch()
            }}
          />
          <p className="text-center">
            <Link href={`/flows/${flow}/runs`} className="text-accent hover:underline">
              All runs of this flow
            </Link>
          </p>
        </main>
      ) : document ? (
        <RunViewer document={document} canAnswer />
      ) : (
        <main className="flex-1" aria-busy />
      )}
      <ShareDialog flowId={flow} runId={run} open={isSharing} onOpenChange={setSharing} />
    </div>
  )
}

function RunCrumb({ title }: { title: string }) {
  return (
    <>
      <span aria-hidden>/</span>
      <h1 className="text-ink font-normal whitespace-nowrap">{title}</h1>
    </>
  )
}
