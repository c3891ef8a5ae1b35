import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

/** Asks before something is gone for good. */
export function RemoveDialog({
  name,
  consequence,
  isBusy,
  onCancel,
  onRemove,
}: {
  /** Null: closed. */
  name: string | null
  /** What happens then, in a sentence. */
  consequence: string
  isBusy: boolean
  onCancel: () => void
  onRemove: (name: string) => void
}) {
  return (
    <Dialog
      open={name !== null}
      onOpenChange={(open) => !open && onCancel()}
      size="sm"
      title={`Remove ${name ?? ''}?`}
      description={consequence}
      footer={
        <>
          <Button onClick={onCancel}>Keep it</Button>
          <Button variant="danger" disabled={isBusy} onClick={() => name !== null && onRemove(name)}>
            Remove
          </Button>
        </>
      }
    />
  )
}
