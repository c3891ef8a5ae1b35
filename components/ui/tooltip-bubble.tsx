'use client'

import { Tooltip as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { createPortal } from 'react-dom'

/** A bubble beside an element of the page. */
export function TooltipBubble({
  id,
  anchor,
  side,
  onClose,
  children,
}: {
  id: string
  anchor: Element
  side: ComponentProps<typeof Radix.Content>['side']
  onClose: () => void
  children: ReactNode
}) {
  const { left, top, width, height } = anchor.getBoundingClientRect()
  return createPortal(
    <Radix.Provider>
      <Radix.Root open onOpenChange={(open) => !open && onClose()}>
        <Radix.Trigger asChild>
          <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            id={id}
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="animate-appear bg-ink text-surface shadow-pop pointer-events-none z-50 flex max-w-72 items-center gap-2 rounded-sm px-2 py-1 text-xs font-medium"
          >
            {children}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>,
    document.body,
  )
}
