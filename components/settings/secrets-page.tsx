'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useTRPC } from '@/components/api/trpc'
import { dateTimeWords } from '@/components/runs/run-words'
import { NamedValues } from './named-values'

/** Passwords and keys that steps use by name; what they hold is never shown. */
export function SecretsPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const secrets = useQuery(api.secrets.list.queryOptions())
  const onSuccess = () => queries.invalidateQueries({ queryKey: api.secrets.list.queryKey() })
  const store = useMutation(api.secrets.store.mutationOptions({ onSuccess }))
  const remove = useMutation(api.secrets.remove.mutationOptions({ onSuccess }))
  return (
    <NamedValues
      title="Secrets"
      noun="secret"
      about={
        <>
          Passwords and keys, stored encrypted. Steps use them as{' '}
          <code className="font-mono text-sm">{'${secrets.NAME}'}</code>; nobody can read them back.
        </>
      }
      icon={<KeyRound />}
      whyOne="Keep the key of a service here, so that it is in no flow and in no export."
      verb="Replace"
      example="STRIPE_KEY"
      isSecret
      consequence="Steps and webhooks that use it fail from then on."
      found={secrets}
      row={({ name, updatedAt }) => (
        <>
          <span className="min-w-0 flex-1 truncate font-mono font-medium">{name}</span>
          <span className="text-ink-faint text-sm">Stored {dateTimeWords(updatedAt)}</span>
        </>
      )}
      textOf={() => ''}
      store={{ ...store, run: (name, value) => store.mutateAsync({ name, value }) }}
      remove={{ ...remove, run: (name) => remove.mutateAsync({ name }) }}
    />
  )
}
