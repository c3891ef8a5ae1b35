'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** Asks for the one thing that an assistant needs to begin with. */
export function NewAssistantDialog({
  open,
  onOpenChange,
  onCreate,
  isBusy,
  error,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onCreate: (name: string) => void
  isBusy: boolean
  error: string | null
}) {
  const [name, setName] = useState('')
  const wanted = name.trim()
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="sm"
      title="New assistant"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" type="submit" form="new-assistant" disabled={wanted === '' || isBusy}>
            Create
          </Button>
        </>
      }
    >
      <form
        id="new-assistant"
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted !== '' && !isBusy) onCreate(wanted)
        }}
      >
        <Field label="Name" error={error}>
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              autoFocus
              maxLength={200}
              placeholder="Bank helper"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
