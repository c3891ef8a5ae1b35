'use client'

import { useId, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
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
  const form = useId()
  const [name, setName] = useState(given ?? '')
  const [value, setValue] = useState(before)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" disabled={isBusy}>
            {isBusy ? 'Storing…' : 'Store'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          onStore(name.trim(), value)
        }}
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
        {error ? (
          <p role="alert" className="text-status-failed text-sm">
            {failureOf(error).message}
          </p>
        ) : null}
      </form>
    </Dialog>
  )
}
