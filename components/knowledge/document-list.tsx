'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { dateTimeWords } from '@/components/runs/run-words'
import { LoadingRows } from '@/components/settings/loading-rows'
import { RemoveDialog } from '@/components/settings/remove-dialog'
import { listStyle, rowStyle } from '@/components/settings/section'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { PassagesDialog } from './passages-dialog'
import { countWords, sizeWords } from './size-words'

type DocumentView = ApiOutput['knowledge']['documents'][number]

/** The documents of a collection. */
export function DocumentList({ collection, mayChange }: { collection: string; mayChange: boolean }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const [shown, setShown] = useState<DocumentView | null>(null)
  const [removing, setRemoving] = useState<DocumentView | null>(null)
  const documents = useQuery(api.knowledge.documents.queryOptions({ collection }))
  const remove = useMutation(
    api.knowledge.removeDocument.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.knowledge.pathKey() }),
      onError: (error) =>
        toast.error('The document was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(null),
    }),
  )
  if (documents.isError && !documents.data) {
    return (
      <LoadFailed
        title="The documents could not be loaded"
        error={documents.error}
        onRetry={() => void documents.refetch()}
      />
    )
  }
  if (!documents.data) return <LoadingRows label="Loading documents" />
  if (documents.data.length === 0) return null
  return (
    <>
      <ul aria-label="Documents" className={listStyle}>
        {documents.data.map((document) => (
          <li key={document.id} className={rowStyle}>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{document.name}</span>
              <span className="text-ink-muted text-sm">
                {sizeWords(document.bytes)} · {countWords(document.passages, 'passage')} · uploaded{' '}
                {dateTimeWords(document.createdAt)}
              </span>
            </span>
            <span className="flex gap-1.5">
              <Button aria-label={`Read ${document.name}`} onClick={() => setShown(document)}>
                Read
              </Button>
              {mayChange && (
                <Button
                  variant="ghost"
                  aria-label={`Remove ${document.name}`}
                  onClick={() => setRemoving(document)}
                >
                  Remove
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {shown && <PassagesDialog collection={collection} document={shown} onClose={() => setShown(null)} />}
      <RemoveDialog
        name={removing?.name ?? null}
        consequence="Flows find nothing in it from then on."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={() => removing && remove.mutate({ collection, document: removing.id })}
      />
    </>
  )
}
