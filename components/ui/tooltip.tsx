'use client'

import { Tooltip as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { Kbd } from './kbd'

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  )
}

/** A short hint on hover and focus. The child must be one element that takes a ref. */
export function Tooltip({
  label,
  keys,
  side = 'bottom',
  children,
}: {
  label: ReactNode
  keys?: string
  side?: ComponentProps<typeof Radix.Content>['side']
  children: ReactNode
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="animate-appear bg-ink text-surface shadow-pop z-50 flex max-w-72 items-center gap-2 rounded-sm px-2 py-1 text-xs font-medium"
        >
          {label}
          {keys && <Kbd keys={keys} className="border-surface/30 text-surface/80" />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
