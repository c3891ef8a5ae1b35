'use client'

import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { Price } from './price-table'

/** The price of one model, or of all whose names begin alike. */
export function PriceDialog({
  price,
  onClose,
  onStored,
}: {
  /** Null: of a model not in the table. */
  price: Price | null
  onClose: () => void
  onStored: () => void
}) {
  const api = useTRPC()
  const form = useId()
  const [model, setModel] = useState(price?.model ?? '')
  const [input, setInput] = useState(price ? String(price.input) : '')
  const [output, setOutput] = useState(price ? String(price.output) : '')
  const store = useMutation(
    api.models.storePrice.mutationOptions({
      onSuccess: () => {
        onStored()
        onClose()
      },
    }),
  )
  const amounts = [
    ['For a million tokens in, US dollars', input, setInput],
    ['For a million tokens out, US dollars', output, setOutput],
  ] as const
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={price ? `Price of ${price.model}` : 'Add a price'}
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
          store.mutate({ model: model.trim(), input: Number(input), output: Number(output) })
        }}
      >
        {!price && (
          <Field label="Model" help="As steps name it. A last * stands for all that begin so: ollama/*">
            {({ id, describedBy }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                required
                autoComplete="off"
                spellCheck={false}
                className="w-full font-mono"
                placeholder="ollama/*"
                value={model}
                onChange={(event) => setModel(event.target.value)}
              />
            )}
          </Field>
        )}
        {amounts.map(([label, amount, set]) => (
          <Field key={label} label={label}>
            {({ id }) => (
              <Input
                id={id}
                type="number"
                min={0}
                step="any"
                required
                className="w-full"
                value={amount}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </Field>
        ))}
        {store.isError && (
          <p role="alert" className="text-status-failed text-sm">
            {failureOf(store.error).message}
          </p>
        )}
      </form>
    </Dialog>
  )
}
