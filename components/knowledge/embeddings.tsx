'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { NamePicker } from '@/components/models/name-picker'
import { LoadingRows } from '@/components/settings/loading-rows'
import { listStyle, rowStyle, Section } from '@/components/settings/section'
import { toast } from '@/components/ui/toaster'
import { EmbeddingProgress } from './embedding-progress'

/** How often it is looked how far the model has come. */
const lookMs = 1_500

/** Which model says what the passages of a collection mean, and how far it has come. */
export function Embeddings({ collection, mayChange }: { collection: string; mayChange: boolean }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const chosen = useQuery({
    ...api.knowledge.embeddings.queryOptions({ collection }),
    refetchInterval: ({ state }) =>
      state.data?.state === 'working' || state.data?.state === 'waiting' ? lookMs : false,
  })
  const models = useQuery({
    ...api.knowledge.embeddingModels.queryOptions(),
    enabled: isOpen,
    staleTime: 30_000,
  })
  const changed = () =>
    queries.invalidateQueries({ queryKey: api.knowledge.embeddings.queryKey({ collection }) })
  const choose = useMutation(
    api.knowledge.chooseEmbedding.mutationOptions({
      onSuccess: changed,
      onError: (error) => toast.error('The model was not chosen', { description: failureOf(error).message }),
    }),
  )
  const retry = useMutation(
    api.knowledge.retryEmbedding.mutationOptions({
      onSuccess: changed,
      onError: (error) => toast.error('It was not tried again', { description: failureOf(error).message }),
    }),
  )
  const view = chosen.data
  const isMissing = view?.support === 'missing'
  return (
    <Section
      title="Embeddings"
      about="A model says what each passage means, so that a question finds it though it has none of its words. The text of the passages and of the questions is sent to the model’s provider."
    >
      {chosen.isError && !view ? (
        <LoadFailed
          title="The embeddings could not be loaded"
          error={chosen.error}
          onRetry={() => void chosen.refetch()}
        />
      ) : !view ? (
        <LoadingRows label="Loading the embeddings" />
      ) : (
        <div className={listStyle}>
          <div className={rowStyle}>
            <NamePicker
              label="Model for embeddings"
              className="w-80 max-w-full"
              disabled={!mayChange || choose.isPending || (isMissing && view.model === null)}
              value={view.model ?? undefined}
              absent="None: words alone"
              models={models}
              isOpen={isOpen}
              onOpenChange={setOpen}
              onChange={(model) => choose.mutate({ collection, model: model ?? null })}
            />
            {choose.isPending && (
              <span role="status" className="text-ink-muted text-sm">
                Trying the model…
              </span>
            )}
          </div>
          {isMissing && (
            <p className="text-ink-muted px-4 py-2.5 text-sm">
              This PostgreSQL has no pgvector extension: full text is used. With a database that has it,
              embeddings can be chosen here.
            </p>
          )}
          <EmbeddingProgress
            view={view}
            isBusy={retry.isPending}
            onRetry={mayChange ? () => retry.mutate({ collection }) : undefined}
          />
        </div>
      )}
    </Section>
  )
}
