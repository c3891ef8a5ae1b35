'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { FileUp, LayoutTemplate, Plus, Search, Workflow } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useEffect, useEffectEvent, useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { useNow } from '@/components/runs/clock'
import { AppHeader } from '@/components/session/app-header'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { EmptyState } from '@/components/ui/empty-state'
import { Input } from '@/components/ui/input'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toaster'
import { ArchiveDialog } from './archive-dialog'
import { FileDrop } from './file-drop'
import { readFlowFile } from './flow-file'
import { useFlowActions } from './flow-actions'
import { FlowCard, type FlowCardData } from './flow-card'
import { ImportDialog } from './import-dialog'
import { LoadFailed } from './load-failed'

const refreshEveryMs = 10_000
/** A flow document is 2 MiB at most. */

/** All flows of the workspace: to find one, to begin one, to bring one in. */
export function FlowsPage() {
  const api = useTRPC()
  const actions = useFlowActions()
  const [search, setSearch] = useState('')
  const [tag, setTag] = useState<string | null>(null)
  const [isImporting, setImporting] = useState(false)
  const [archiving, setArchiving] = useState<FlowCardData | null>(null)
  const wanted = useDeferredValue(search.trim())
  const nowMs = useNow(true, 30_000)
  const flows = useQuery({
    ...api.flows.list.queryOptions({ search: wanted || undefined, tag: tag ?? undefined }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })

  const importText = (text: string) => actions.bringIn.mutate(text, { onError: () => setImporting(true) })
  const importFile = async (file: File) => {
    const read = await readFlowFile(file)
    if ('fault' in read) toast.error('This file was not imported', { description: read.fault })
    else importText(read.text)
  }
  usePastedFlow(importText)

  const isFiltered = wanted !== '' || tag !== null
  const tags = [...new Set(flows.data?.flatMap((flow) => flow.tags))].sort()
  const newMenu = (
    <NewFlowMenu onBlank={() => actions.create.mutate({})} onImport={() => setImporting(true)} />
  )
  return (
    <FileDrop onFile={(file) => void importFile(file)}>
      <AppHeader />
      <main className="mx-auto w-full max-w-6xl flex-1 px-5 py-7">
        <div className="mb-5 flex flex-wrap items-center gap-2.5">
          <h1 className="text-xl font-semibold">Flows</h1>
          <span className="flex-1" />
          <div className="relative">
            <Search aria-hidden className="text-ink-faint absolute top-2 left-2.5 size-4" />
            <Input
              type="search"
              aria-label="Search flows"
              placeholder="Search flows"
              className="w-64 pl-8"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
          {newMenu}
        </div>
        {(tags.length > 0 || tag) && (
          <div className="mb-4 flex flex-wrap gap-1.5" role="group" aria-label="Tags">
            {(tag && !tags.includes(tag) ? [tag, ...tags] : tags).map((each) => (
              <Button
                key={each}
                size="xs"
                variant={each === tag ? 'primary' : 'outline'}
                aria-pressed={each === tag}
                className="rounded-full"
                onClick={() => setTag(each === tag ? null : each)}
              >
                {each}
              </Button>
            ))}
          </div>
        )}
        {flows.isError && !flows.data ? (
          <LoadFailed
            title="The flows could not be loaded"
            error={flows.error}
            onRetry={() => void flows.refetch()}
          />
        ) : !flows.data ? (
          <CardSkeletons />
        ) : flows.data.length > 0 ? (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4">
            {flows.data.map((flow) => (
              <li key={flow.id} className="grid">
                <FlowCard
                  flow={flow}
                  nowMs={nowMs}
                  onDuplicate={() => actions.duplicate.mutate(flow.id)}
                  onExport={() => actions.exportAs.mutate({ id: flow.id, format: 'json' })}
                  onArchive={() => setArchiving(flow)}
                />
              </li>
            ))}
          </ul>
        ) : isFiltered ? (
          <EmptyState
            icon={<Search />}
            title="No flow matches"
            action={
              <Button
                onClick={() => {
                  setSearch('')
                  setTag(null)
                }}
              >
                Show all flows
              </Button>
            }
          >
            Search looks at names, descriptions and tags.
          </EmptyState>
        ) : (
          <EmptyState icon={<Workflow />} title="Draw your first flow" action={newMenu}>
            A flow is a drawing of steps that the server runs. Begin with a blank one, or with a template that
            runs at once.
          </EmptyState>
        )}
      </main>
      <ImportDialog
        open={isImporting}
        onOpenChange={(open) => {
          setImporting(open)
          if (!open) actions.bringIn.reset()
        }}
        onImport={importText}
        isBusy={actions.bringIn.isPending}
        error={actions.bringIn.error}
      />
      <ArchiveDialog
        name={archiving ? archiving.name || archiving.id : null}
        onCancel={() => setArchiving(null)}
        onArchive={() => {
          if (archiving) actions.archive.mutate(archiving.id)
          setArchiving(null)
        }}
      />
    </FileDrop>
  )
}

function NewFlowMenu({ onBlank, onImport }: { onBlank: () => void; onImport: () => void }) {
  const router = useRouter()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="primary">
          <Plus /> New flow
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem icon={<Plus />} onSelect={onBlank}>
          Blank flow
        </DropdownMenuItem>
        <DropdownMenuItem icon={<LayoutTemplate />} onSelect={() => router.push('/templates')}>
          From a template
        </DropdownMenuItem>
        <DropdownMenuItem icon={<FileUp />} onSelect={onImport}>
          Import…
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

function CardSkeletons() {
  return (
    <div
      role="status"
      aria-label="Loading flows"
      className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4"
    >
      {[0, 1, 2].map((each) => (
        <Skeleton key={each} className="h-60 rounded-2xl" />
      ))}
    </div>
  )
}

/** A flow pasted on the page, outside of any field, is imported. */
function usePastedFlow(onFlow: (text: string) => void) {
  const paste = useEffectEvent((event: ClipboardEvent) => {
    const { target } = event
    if (target instanceof HTMLElement && target.closest('input, textarea, [contenteditable], [role=dialog]'))
      return
    const text = event.clipboardData?.getData('text/plain').trim() ?? ''
    if (!text.startsWith('{')) return
    event.preventDefault()
    onFlow(text)
  })
  useEffect(() => {
    const listener = (event: ClipboardEvent) => paste(event)
    document.addEventListener('paste', listener)
    return () => document.removeEventListener('paste', listener)
  }, [])
}
