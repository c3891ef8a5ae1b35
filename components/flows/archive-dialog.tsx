'use client'

import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

/** Asks before a flow leaves the list. */
export function ArchiveDialog({
  name,
  onCancel,
  onArchive,
}: {
  /** Null: closed. */
  name: string | null
  onCancel: () => void
  onArchive: () => void
}) {
  return (
    <Dialog
      open={name !== null}
      onOpenChange={(open) => !open && onCancel()}
      size="sm"
      title={`Archive “${name ?? ''}”?`}
      description="It leaves the list, and its webhooks and schedules stop. Its runs are kept."
      footer={
        <>
          <Button onClick={onCancel}>Keep it</Button>
          <Button variant="danger" onClick={onArchive}>
            Archive
          </Button>
        </>
      }
    />
  )
}
