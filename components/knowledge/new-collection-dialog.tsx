'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { idOf } from './size-words'

/** Makes a collection and leads to it. */
export function NewCollectionDialog({ onClose }: { onClose: () => void }) {
  const api = useTRPC()
  const router = useRouter()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [id, setId] = useState<string | null>(null)
  const [language, setLanguage] = useState<ApiOutput['knowledge']['languages'][number]['value']>('english')
  const languages = useQuery({ ...api.knowledge.languages.queryOptions(), staleTime: Infinity })
  const make = useMutation(
    api.knowledge.make.mutationOptions({
      async onSuccess(_, made) {
        await queries.invalidateQueries({ queryKey: api.knowledge.list.queryKey() })
        onClose()
        router.push(`/knowledge/${made.id}`)
      },
    }),
  )
  const wanted = id ?? idOf(name)
  return (
    <FormDialog
      title="New collection"
      submit="Make it"
      submitting="Making…"
      isBusy={make.isPending}
      problem={make.error && failureOf(make.error).message}
      onSubmit={() => make.mutate({ name, id: wanted, language })}
      onClose={onClose}
    >
      <Field label="Name">
        {({ id: control }) => (
          <Input
            id={control}
            required
            autoFocus
            maxLength={200}
            placeholder="Employee handbook"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Id" help="By which flows name it: small letters, digits and _. It stays.">
        {({ id: control, describedBy }) => (
          <Input
            id={control}
            aria-describedby={describedBy}
            required
            maxLength={64}
            pattern="[a-z][a-z0-9_]*"
            spellCheck={false}
            className="font-mono"
            value={name === '' && id === null ? '' : wanted}
            placeholder="employee_handbook"
            onChange={(event) => setId(event.target.value)}
          />
        )}
      </Field>
      <Field label="Language" help="Its endings of words do not count in a search: bike finds bikes.">
        {({ id: control, describedBy }) => (
          <Select
            id={control}
            aria-label="Language"
            aria-describedby={describedBy}
            value={language}
            options={languages.data ?? [{ value: language, label: 'English' }]}
            onChange={setLanguage}
          />
        )}
      </Field>
    </FormDialog>
  )
}
