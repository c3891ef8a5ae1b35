'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'

/** Gives a collection another name and description; its id stays. */
export function DescribeDialog({
  collection,
  name: before,
  description: described,
  onClose,
}: {
  collection: string
  name: string
  description: string
  onClose: () => void
}) {
  const api = useTRPC()
  const queries = useQueryClient()
  const [name, setName] = useState(before)
  const [description, setDescription] = useState(described)
  const store = useMutation(
    api.knowledge.describe.mutationOptions({
      async onSuccess() {
        await queries.invalidateQueries({ queryKey: api.knowledge.list.queryKey() })
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title={`Rename ${before}`}
      isBusy={store.isPending}
      problem={store.error && failureOf(store.error).message}
      onSubmit={() => store.mutate({ collection, name, description })}
      onClose={onClose}
    >
      <Field label="Name">
        {({ id }) => (
          <Input
            id={id}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Description" help="What the documents are about, for those who choose a collection.">
        {({ id, describedBy }) => (
          <Textarea
            id={id}
            aria-describedby={describedBy}
            rows={3}
            maxLength={2_000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
