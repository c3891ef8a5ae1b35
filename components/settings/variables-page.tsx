'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Variable as VariableIcon } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/flow/json'
import { LoadingRows } from './loading-rows'
import { NamedValueDialog } from './named-value-dialog'
import { RemoveDialog } from './remove-dialog'
import { listStyle, rowStyle, Section } from './section'
import { useMayManage } from './use-may-manage'

type Variable = ApiOutput['variables']['list'][number]

/** Values that all flows of the workspace share. */
export function VariablesPage() {
  const api = useTRPC()
  const queries = useQueryClient()
  const mayManage = useMayManage()
  const variables = useQuery(api.variables.list.queryOptions())
  const [editing, setEditing] = useState<Variable | 'new' | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const changed = () => queries.invalidateQueries({ queryKey: api.variables.list.queryKey() })
  const store = useMutation(
    api.variables.store.mutationOptions({
      onSuccess: () => {
        setEditing(null)
        return changed()
      },
    }),
  )
  const remove = useMutation(
    api.variables.remove.mutationOptions({
      onSuccess: changed,
      onError: (error) =>
        toast.error('The variable was not removed', { description: failureOf(error).message }),
      onSettled: () => setRemoving(null),
    }),
  )
  const edit = (variable: Variable | 'new') => {
    store.reset()
    setEditing(variable)
  }
  const add = mayManage && (
    <Button variant="primary" onClick={() => edit('new')}>
      <Plus /> Add a variable
    </Button>
  )
  return (
    <>
      <Section
        level={1}
        title="Variables"
        about={
          <>
            What all flows share, such as a region or an address. Expressions read them as{' '}
            <code className="font-mono text-sm">vars.name</code>. What must stay secret is a secret.
          </>
        }
        action={variables.data && variables.data.length > 0 ? add : undefined}
      >
        {variables.isError ? (
          <LoadFailed
            title="The variables could not be loaded"
            error={variables.error}
            onRetry={() => void variables.refetch()}
          />
        ) : !variables.data ? (
          <LoadingRows label="Loading variables" />
        ) : variables.data.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={<VariableIcon />} title="No variable yet" action={add || undefined}>
              Keep here what many flows need, and change it in one place.
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {variables.data.map((variable) => (
              <li key={variable.name} className={rowStyle}>
                <span className="w-48 truncate font-mono font-medium">{variable.name}</span>
                <span className="text-ink-muted min-w-0 flex-1 truncate font-mono text-sm">
                  {JSON.stringify(variable.value)}
                </span>
                {mayManage && (
                  <span className="flex gap-1.5">
                    <Button aria-label={`Edit ${variable.name}`} onClick={() => edit(variable)}>
                      Edit
                    </Button>
                    <Button
                      variant="ghost"
                      aria-label={`Remove ${variable.name}`}
                      onClick={() => setRemoving(variable.name)}
                    >
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
          title={editing === 'new' ? 'Add a variable' : `Edit ${editing.name}`}
          name={editing === 'new' ? null : editing.name}
          value={editing === 'new' ? '' : textOf(editing.value)}
          example="region"
          isBusy={store.isPending}
          error={store.error}
          onClose={() => setEditing(null)}
          onStore={(name, text) => store.mutate({ name, value: valueOf(text) })}
        />
      )}
      <RemoveDialog
        name={removing}
        consequence="Expressions that read it find nothing there."
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={(name) => remove.mutate({ name })}
      />
    </>
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
