'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC } from '@/components/api/trpc'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
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
  const [model, setModel] = useState(price?.model ?? '')
  const [input, setInput] = useState(price ? String(price.input) : '')
  const [output, setOutput] = useState(price ? String(price.output) : '')
  const [context, setContext] = useState(price?.context ? String(price.context) : '')
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
    <FormDialog
      title={price ? `Price of ${price.model}` : 'Add a price'}
      isBusy={store.isPending}
      problem={store.error && failureOf(store.error).message}
      onSubmit={() =>
        store.mutate({
          ...{ model: model.trim(), input: Number(input), output: Number(output) },
          context: context.trim() === '' ? null : Number(context),
        })
      }
      onClose={onClose}
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
      <Field
        label="Context, in tokens"
        aside={<span className="text-ink-faint">optional</span>}
        help="How much the model holds, question and answer together. Conversations tell it to programs."
      >
        {({ id, describedBy }) => (
          <Input
            id={id}
            aria-describedby={describedBy}
            type="number"
            min={1}
            step={1}
            className="w-full"
            placeholder="128000"
            value={context}
            onChange={(event) => setContext(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
