'use client'

import { useId, type ReactNode } from 'react'
import { Button } from './button'
import { Dialog } from './dialog'

/** A dialog whose fields are sent together, and that says why they were not taken. */
export function FormDialog({
  title,
  submit = 'Store',
  submitting = 'Storing…',
  isBusy,
  isRefused = false,
  problem,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  /** What the button says; while they are on their way, what it says then. */
  submit?: string
  submitting?: string
  isBusy: boolean
  /** They cannot be sent as they stand; a field says why. */
  isRefused?: boolean
  /** Why they were not taken. */
  problem: string | null
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}) {
  const form = useId()
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" disabled={isBusy || isRefused}>
            {isBusy ? submitting : submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        {children}
        {problem !== null && (
          <p role="alert" className="text-status-failed text-sm">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  )
}
