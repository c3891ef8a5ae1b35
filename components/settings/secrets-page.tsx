'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { dateTimeWords } from '@/components/runs/run-words'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import { LoadingRows } from './loading-rows'
import { NamedValueDialog } from './named-value-dialog'
import { RemoveDialog } from './remove-dialog'
import { listStyle, rowStyle, Section } from './section'
import { useMayManage } from './use-may-manage'

/** Passwords and keys that steps use by name; what they hold is never shown. */
export function SecretsPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const mayManage = useMayManage()
  const secrets = useQuery(api.secrets.list.queryOptions())
  const [editing, setEditing] = useState<{ name: string | null } | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const changed = () => queries.invalidateQueries({ queryKey: api.secrets.list.queryKey() })
  const store = useMutation(
    api.secrets.store.mutationOptions({
      onSuccess: () => {
        setEditing(null)
        return changed()
      },
    }),
  )
  const remove = useMutation(
    api.secrets.remove.mutationOptions({
      onSuccess: changed,
      onError: (error) =>
        toast.error('The secret was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(null),
    }),
  )
  const edit = (name: string | null) => {
    store.reset()
    setEditing({ name })
  }
  const add = mayManage && (
    <Button variant="primary" onClick={() => edit(null)}>
      <Plus /> Add a secret
    </Button>
  )
  return (
    <>
      <Section
        level={1}
        title="Secrets"
        about={
          <>
            Passwords and keys, stored encrypted. Steps use them as{' '}
            <code className="font-mono text-sm">{'${secrets.NAME}'}</code>; nobody can read them back.
          </>
        }
        action={secrets.data && secrets.data.length > 0 ? add : undefined}
      >
        {secrets.isError ? (
          <LoadFailed
            title="The secrets could not be loaded"
            error={secrets.error}
            onRetry={() => void secrets.refetch()}
          />
        ) : !secrets.data ? (
          <LoadingRows label="Loading secrets" />
        ) : secrets.data.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={<KeyRound />} title="No secret yet" action={add || undefined}>
              Keep the key of a service here, so that it is in no flow and in no export.
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {secrets.data.map(({ name, updatedAt }) => (
              <li key={name} className={rowStyle}>
                <span className="min-w-0 flex-1 truncate font-mono font-medium">{name}</span>
                <span className="text-ink-faint text-sm">Stored {dateTimeWords(updatedAt)}</span>
                {mayManage && (
                  <span className="flex gap-1.5">
                    <Button aria-label={`Replace ${name}`} onClick={() => edit(name)}>
                      Replace
                    </Button>
                    <Button variant="ghost" aria-label={`Remove ${name}`} onClick={() => setRemoving(name)}>
                      Remove
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {editing && (
        <NamedValueDialog
          title={editing.name === null ? 'Add a secret' : `Replace ${editing.name}`}
          name={editing.name}
          example="STRIPE_KEY"
          isSecret
          isBusy={store.isPending}
          error={store.error}
          onClose={() => setEditing(null)}
          onStore={(name, value) => store.mutate({ name, value })}
        />
      )}
      <RemoveDialog
        name={removing}
        consequence="Steps and webhooks that use it fail from then on."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={(name) => remove.mutate({ name })}
      />
    </>
  )
}
