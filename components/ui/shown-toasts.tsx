'use client'

import { Toaster as Sonner } from 'sonner'

export { toast } from 'sonner'

/** The corner where toasts show; those told before it was there too. */
export function ShownToasts() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-88 items-start gap-3 rounded-lg border border-line bg-surface px-4 py-3 text-base text-ink shadow-pop',
          title: 'font-medium',
          description: 'mt-0.5 text-ink-muted',
          content: 'flex-1 min-w-0',
          icon: 'mt-0.5',
          actionButton:
            'shrink-0 self-center rounded-sm border border-line-strong px-2 py-1 text-xs font-medium hover:bg-surface-hover',
          error: 'border-status-failed/50',
        },
      }}
    />
  )
}
