'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'

/**
 * Of the secrets that something needs, those that nobody has stored yet, each with a field to do so. `until` says what
 * happens as long as they are missing.
 */
export function MissingSecrets({ names, until }: { names: readonly string[]; until: string }) {
  const api = useTRPC()
  const stored = useQuery({ ...api.secrets.list.queryOptions(), enabled: names.length > 0 })
  if (!stored.data) return null
  const missing = names.filter((name) => !stored.data.some((secret) => secret.name === name))
  return missing.map((name) => <MissingSecret key={name} name={name} until={until} />)
}

function MissingSecret({ name, until }: { name: string; until: string }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const [value, setValue] = useState('')
  const store = useMutation(
    api.secrets.store.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.secrets.list.queryKey() }),
      onError: (error) => toast.error(`${name} was not stored`, { description: failureOf(error).message }),
    }),
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (value !== '') store.mutate({ name, value })
      }}
    >
      <Field label={`Secret ${name}`} help={`Nobody has stored it yet: until then ${until}.`}>
        {({ id, describedBy }) => (
          <div className="flex gap-1.5">
            <Input
              id={id}
              aria-describedby={describedBy}
              type="password"
              autoComplete="off"
              className="min-w-0 flex-1"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
            <Button type="submit" disabled={value === '' || store.isPending}>
              Store
            </Button>
          </div>
        )}
      </Field>
    </form>
  )
}
