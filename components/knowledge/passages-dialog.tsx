'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { LoadingRows } from '@/components/settings/loading-rows'
import { Dialog } from '@/components/ui/dialog'
import { PassageView } from './passage-view'
import { countWords } from './size-words'

/** What was read of a document, passage by passage, as a search finds it. */
export function PassagesDialog({
  collection,
  document: { id, name, passages },
  onClose,
}: {
  collection: string
  document: { id: string; name: string; passages: number }
  onClose: () => void
}) {
  const api = useTRPC()
  const read = useQuery(api.knowledge.passages.queryOptions({ collection, document: id }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={name}
      description={`${countWords(passages, 'passage')}, as a search finds them.`}
    >
      {read.isError ? (
        <LoadFailed
          title="The passages could not be loaded"
          error={read.error}
          onRetry={() => void read.refetch()}
        />
      ) : !read.data ? (
        <LoadingRows label="Loading passages" />
      ) : (
        <ol className="flex flex-col gap-2.5">
          {read.data.map(({ place, text }, index) => (
            <li key={index}>
              <PassageView heading={place ?? `Passage ${index + 1}`} text={text} />
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
