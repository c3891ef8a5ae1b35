'use client'

import { useQuery } from '@tanstack/react-query'
import { BookOpen, ChevronRight, Plus } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { AppHeader } from '@/components/session/app-header'
import { useSession } from '@/components/session/session'
import { LoadingRows } from '@/components/settings/loading-rows'
import { listStyle } from '@/components/settings/section'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { NewCollectionDialog } from './new-collection-dialog'
import { countWords } from './size-words'

/** All collections of documents in the workspace. */
export function CollectionsPage() {
  const api = useTRPC()
  const [isMaking, setMaking] = useState(false)
  const collections = useQuery(api.knowledge.list.queryOptions())
  const mayChange = useMayChange()
  const add = mayChange && (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus /> New collection
    </Button>
  )
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <main className="mx-auto w-full max-w-4xl flex-1 px-5 py-7">
        <div className="mb-5 flex flex-wrap items-start justify-between gap-3">
          <div>
            <h1 className="text-xl font-semibold">Knowledge</h1>
            <p className="text-ink-muted mt-1 max-w-prose">
              Documents that flows and agents look things up in. They stay in your own database.
            </p>
          </div>
          {collections.data && collections.data.length > 0 && add}
        </div>
        {collections.isError && !collections.data ? (
          <LoadFailed
            title="The collections could not be loaded"
            error={collections.error}
            onRetry={() => void collections.refetch()}
          />
        ) : !collections.data ? (
          <LoadingRows label="Loading collections" />
        ) : collections.data.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={<BookOpen />} title="No documents yet" action={add || undefined}>
              Make a collection, upload a handbook or a page of questions and answers, and have a flow look it
              up.
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {collections.data.map(({ id, name, description, documents, passages }) => (
              <li key={id}>
                <Link
                  href={`/knowledge/${id}`}
                  className="hover:bg-surface-hover flex items-center gap-3 px-4 py-3 -outline-offset-2"
                >
                  <span className="min-w-0 flex-1">
                    <span className="flex flex-wrap items-baseline gap-x-2">
                      <span className="font-semibold">{name}</span>
                      <span className="text-ink-faint font-mono text-sm">{id}</span>
                    </span>
                    {description && <span className="text-ink-muted block truncate">{description}</span>}
                  </span>
                  <span className="text-ink-muted text-sm whitespace-nowrap">
                    {countWords(documents, 'document')} · {countWords(passages, 'passage')}
                  </span>
                  <ChevronRight aria-hidden className="text-ink-faint size-4" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </main>
      {isMaking && <NewCollectionDialog onClose={() => setMaking(false)} />}
    </div>
  )
}

/** Guests look; those who draw flows upload. */
export function useMayChange(): boolean {
  const role = useSession().data?.role
  return role === 'user' || role === 'admin'
}
