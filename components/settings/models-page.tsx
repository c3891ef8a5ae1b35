'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Sparkles } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import { DefaultModel } from './default-model'
import { LoadingRows } from './loading-rows'
import { ProviderDialog } from './provider-dialog'
import { ProviderRow } from './provider-row'
import { RemoveDialog } from './remove-dialog'
import { listStyle, Section } from './section'
import { useMayManage } from './use-may-manage'

export type Provider = ApiOutput['models']['providers'][number]

/** Who offers models to this workspace, and which one is meant when a step names none. */
export function ModelsPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const mayManage = useMayManage()
  const providers = useQuery(api.models.providers.queryOptions())
  const [editing, setEditing] = useState<Provider | 'new' | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const changed = () => queries.invalidateQueries({ queryKey: api.models.pathKey() })
  const remove = useMutation(
    api.models.removeProvider.mutationOptions({
      onSuccess: changed,
      onError: (error) =>
        toast.error('The provider was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(null),
    }),
  )
  const add = mayManage && (
    <Button variant="primary" onClick={() => setEditing('new')}>
      <Plus /> Add a provider
    </Button>
  )
  return (
    <>
      <Section
        level={1}
        title="Models"
        about="Agents and other steps ask models of these providers. The offline model is always there: it goes by rules, needs no key and no network."
        action={providers.data && providers.data.length > 0 ? add : undefined}
      >
        {providers.isError ? (
          <LoadFailed
            title="The providers could not be loaded"
            error={providers.error}
            onRetry={() => void providers.refetch()}
          />
        ) : !providers.data ? (
          <LoadingRows label="Loading providers" />
        ) : providers.data.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={<Sparkles />} title="No provider yet" action={add || undefined}>
              Add OpenAI, Anthropic or Google by a key, or any server that speaks as OpenAI does: Ollama,
              vLLM, LM Studio. Until then every step answers by the offline model.
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {providers.data.map((provider) => (
              <ProviderRow
                key={provider.name}
                provider={provider}
                mayManage={mayManage}
                onEdit={() => setEditing(provider)}
                onRemove={() => setRemoving(provider.name)}
              />
            ))}
          </ul>
        )}
      </Section>
      <DefaultModel mayManage={mayManage} />
      {editing && (
        <ProviderDialog
          provider={editing === 'new' ? null : editing}
          taken={(providers.data ?? []).map((provider) => provider.name)}
          onClose={() => setEditing(null)}
          onStored={() => void changed()}
        />
      )}
      <RemoveDialog
        name={removing}
        consequence="Its key is deleted. Steps that name its models fail until they name another; if the default is one of them, it is the first there is again."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={(name) => remove.mutate({ name })}
      />
    </>
  )
}
