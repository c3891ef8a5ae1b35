'use client'

import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { Field } from '@/components/ui/field'
import { FormDialog } from '@/components/ui/form-dialog'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'

/** Asks for a name and what it stands for. */
export function NamedValueDialog({
  title,
  name: given,
  value: before = '',
  example,
  isSecret = false,
  isBusy,
  error,
  onClose,
  onStore,
}: {
  title: string
  /** Null: asked for. */
  name: string | null
  value?: string
  example: string
  /** What is typed is not shown. */
  isSecret?: boolean
  isBusy: boolean
  error: unknown
  onClose: () => void
  onStore: (name: string, value: string) => void
}) {
  const [name, setName] = useState(given ?? '')
  const [value, setValue] = useState(before)
  return (
    <FormDialog
      title={title}
      isBusy={isBusy}
      problem={error ? failureOf(error).message : null}
      onSubmit={() => onStore(name.trim(), value)}
      onClose={onClose}
    >
      {given === null && (
        <Field label="Name" help="Letters, digits and _.">
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              required
              autoComplete="off"
              spellCheck={false}
              className="w-full font-mono"
              placeholder={example}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="Value"
        help={isSecret ? 'Never shown again once it is stored.' : 'JSON, or a plain text.'}
      >
        {({ id, describedBy }) =>
          isSecret ? (
            <Input
              id={id}
              aria-describedby={describedBy}
              type="password"
              required
              autoComplete="off"
              className="w-full"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          ) : (
            <Textarea
              id={id}
              aria-describedby={describedBy}
              required
              rows={5}
              spellCheck={false}
              className="w-full font-mono"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )
        }
      </Field>
    </FormDialog>
  )
}
