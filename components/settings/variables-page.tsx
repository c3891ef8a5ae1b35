'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Variable as VariableIcon } from 'lucide-react'
import { useTRPC } from '@/components/api/trpc'
import type { Json } from '@/flow/json'
import { NamedValues } from './named-values'

/** Values that all flows of the workspace share. */
export function VariablesPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const variables = useQuery(api.variables.list.queryOptions())
  const onSuccess = () => queries.invalidateQueries({ queryKey: api.variables.list.queryKey() })
  const store = useMutation(api.variables.store.mutationOptions({ onSuccess }))
  const remove = useMutation(api.variables.remove.mutationOptions({ onSuccess }))
  return (
    <NamedValues
      title="Variables"
      noun="variable"
      about={
        <>
          What all flows share, such as a region or an address. Expressions read them as{' '}
          <code className="font-mono text-sm">vars.name</code>. What must stay secret is a secret.
        </>
      }
      icon={<VariableIcon />}
      whyOne="Keep here what many flows need, and change it in one place."
      verb="Edit"
      example="region"
      consequence="Expressions that read it find nothing there."
      found={variables}
      row={({ name, value }) => (
        <>
          <span className="w-48 truncate font-mono font-medium">{name}</span>
          <span className="text-ink-muted min-w-0 flex-1 truncate font-mono text-sm">
            {JSON.stringify(value)}
          </span>
        </>
      )}
      textOf={({ value }) => textOf(value)}
      store={{ ...store, run: (name, text) => store.mutateAsync({ name, value: valueOf(text) }) }}
      remove={{ ...remove, run: (name) => remove.mutateAsync({ name }) }}
    />
  )
}

/** A text that `valueOf` reads as the same value again. */
function textOf(value: Json): string {
  return typeof value === 'string' && valueOf(value) === value ? value : JSON.stringify(value, null, 2)
}

/** JSON when it is, else the text itself. */
function valueOf(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
