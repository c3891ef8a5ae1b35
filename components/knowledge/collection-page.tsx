'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BookX } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { AppHeader } from '@/components/session/app-header'
import { usePageTitle } from '@/components/session/page-title'
import { LoadingRows } from '@/components/settings/loading-rows'
import { RemoveDialog } from '@/components/settings/remove-dialog'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import { useMayChange } from './collections-page'
import { DescribeDialog } from './describe-dialog'
import { DocumentList } from './document-list'
import { Embeddings } from './embeddings'
import { TryQuestion } from './try-question'
import { UploadArea } from './upload-area'
import { useUploads } from './use-uploads'

/** One collection: its documents, how to add some, and what a question finds in them. */
export function CollectionPage({ id }: { id: string }) {
  const api = useTRPC()
  const collections = useQuery(api.knowledge.list.queryOptions())
  const collection = collections.data?.find((each) => each.id === id)
  usePageTitle(collection?.name)
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <main className="mx-auto flex w-full max-w-4xl flex-1 flex-col gap-6 px-5 py-7">
        {collection ? (
          <Opened id={id} name={collection.name} description={collection.description} />
        ) : collections.isError ? (
          <LoadFailed
            title="The collection could not be loaded"
            error={collections.error}
            onRetry={() => void collections.refetch()}
          />
        ) : !collections.data ? (
          <LoadingRows label="Loading the collection" />
        ) : (
          <EmptyState
            icon={<BookX />}
            title={`There is no collection ${id}`}
            action={
              <Button asChild>
                <Link href="/knowledge">All collections</Link>
              </Button>
            }
          >
            It may have been removed, or it belongs to another workspace.
          </EmptyState>
        )}
      </main>
    </div>
  )
}

function Opened({ id, name, description }: { id: string; name: string; description: string }) {
  const api = useTRPC()
  const router = useRouter()
  const queries = useQueryClient()
  const mayChange = useMayChange()
  const [isDescribing, setDescribing] = useState(false)
  const [isRemoving, setRemoving] = useState(false)
  const changed = () => queries.invalidateQueries({ queryKey: api.knowledge.pathKey() })
  const { uploads, send, dismiss } = useUploads(id, () => void changed())
  const remove = useMutation(
    api.knowledge.remove.mutationOptions({
      async onSuccess() {
        router.push('/knowledge')
        await queries.invalidateQueries({ queryKey: api.knowledge.list.queryKey() })
      },
      onError: (error) =>
        toast.error('The collection was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(false),
    }),
  )
  return (
    <>
      <div>
        <Link href="/knowledge" className="text-ink-muted hover:text-ink text-sm">
          Knowledge
        </Link>
        <div className="mt-1 flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0">
            <h1 className="flex flex-wrap items-baseline gap-x-2.5 text-xl font-semibold">
              {name} <span className="text-ink-faint font-mono text-base font-normal">{id}</span>
            </h1>
            {description && <p className="text-ink-muted mt-1 max-w-prose">{description}</p>}
          </div>
          {mayChange && (
            <span className="flex gap-1.5">
              <Button onClick={() => setDescribing(true)}>Rename</Button>
              <Button variant="ghost" onClick={() => setRemoving(true)}>
                Remove
              </Button>
            </span>
          )}
        </div>
      </div>
      {mayChange && (
        <UploadArea uploads={uploads} onFiles={(files) => void send(files)} onDismiss={dismiss} />
      )}
      <DocumentList collection={id} mayChange={mayChange} />
      <TryQuestion collection={id} />
      <Embeddings collection={id} mayChange={mayChange} />
      {isDescribing && (
        <DescribeDialog
          collection={id}
          name={name}
          description={description}
          onClose={() => setDescribing(false)}
        />
      )}
      <RemoveDialog
        name={isRemoving ? name : null}
        consequence="All its documents are removed, and flows that look in it fail from then on."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(false)}
        onRemove={() => remove.mutate({ collection: id })}
      />
    </>
  )
}
