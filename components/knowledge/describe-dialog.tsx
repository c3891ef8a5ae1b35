'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
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
  const form = useId()
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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rename ${before}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" disabled={store.isPending}>
            Store
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          store.mutate({ collection, name, description })
        }}
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
        {store.error ? (
          <p role="alert" className="text-status-failed text-sm">
            {failureOf(store.error).message}
          </p>
        ) : null}
      </form>
    </Dialog>
  )
}
