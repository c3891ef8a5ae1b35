'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { AudioLines, Plus } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { useNow } from '@/components/runs/clock'
import { agoWords } from '@/components/runs/run-words'
import { AppHeader } from '@/components/session/app-header'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Pill } from '@/components/ui/pill'
import { Skeleton } from '@/components/ui/skeleton'
import { NewAssistantDialog } from './new-assistant-dialog'

/** All assistants of the workspace. */
export function AssistantsPage() {
  const api = useTRPC()
  const router = useRouter()
  const [isNaming, setNaming] = useState(false)
  const nowMs = useNow(true, 30_000)
  const assistants = useQuery(api.assistants.list.queryOptions())
  const create = useMutation({
    ...api.assistants.create.mutationOptions(),
    onSuccess: ({ id }) => router.push(`/assistants/${id}`),
  })
  const newButton = (
    <Button
      variant="primary"
      onClick={() => {
        create.reset()
        setNaming(true)
      }}
    >
      <Plus /> New assistant
    </Button>
  )
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <main className="mx-auto w-full max-w-6xl flex-1 px-5 py-7">
        <div className="mb-5 flex flex-wrap items-center gap-2.5">
          <h1 className="text-xl font-semibold">Assistants</h1>
          <span className="flex-1" />
          {newButton}
        </div>
        {assistants.isError && !assistants.data ? (
          <LoadFailed
            title="The assistants could not be loaded"
            error={assistants.error}
            onRetry={() => void assistants.refetch()}
          />
        ) : !assistants.data ? (
          <div role="status" aria-label="Loading assistants" className={grid}>
            {[0, 1, 2].map((each) => (
              <Skeleton key={each} className="h-32 rounded-2xl" />
            ))}
          </div>
        ) : assistants.data.length > 0 ? (
          <ul className={grid}>
            {assistants.data.map((assistant) => (
              <li key={assistant.id} className="grid">
                <AssistantCard assistant={assistant} nowMs={nowMs} />
              </li>
            ))}
          </ul>
        ) : (
          <EmptyState icon={<AudioLines />} title="Make your first assistant" action={newButton}>
            An assistant talks with people, by text or by voice, and runs your flows as it needs them.
          </EmptyState>
        )}
      </main>
      <NewAssistantDialog
        open={isNaming}
        onOpenChange={setNaming}
        onCreate={(name) => create.mutate({ name })}
        isBusy={create.isPending || create.isSuccess}
        error={create.isError ? failureOf(create.error).message : null}
      />
    </div>
  )
}

const grid = 'grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4'

function AssistantCard({
  assistant,
  nowMs,
}: {
  assistant: ApiOutput['assistants']['list'][number]
  nowMs: number
}) {
  const { id, name, instruction, flows, active, updatedAt } = assistant
  return (
    <article className="border-line bg-surface hover:border-line-strong focus-within:border-line-strong relative flex flex-col gap-2 rounded-2xl border p-4">
      <h2 className="truncate font-semibold">
        <Link href={`/assistants/${id}`} className="after:absolute after:inset-0 after:rounded-2xl">
          {name}
        </Link>
      </h2>
      <p className="text-ink-muted line-clamp-2 flex-1 wrap-anywhere">
        {instruction || 'No instruction yet.'}
      </p>
      <div className="flex items-center gap-2">
        <Pill>
          {active} of {flows} {flows === 1 ? 'flow' : 'flows'} on
        </Pill>
        <span className="text-ink-faint ml-auto text-xs">{agoWords(updatedAt, nowMs)}</span>
      </div>
    </article>
  )
}
