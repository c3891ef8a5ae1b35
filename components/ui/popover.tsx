'use client'

import { Popover as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

export const Popover = Radix.Root
export const PopoverTrigger = Radix.Trigger
export const PopoverAnchor = Radix.Anchor

export function PopoverContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        collisionPadding={8}
        className={classNames(
          'animate-appear border-line bg-surface text-ink shadow-pop z-50 w-72 rounded-lg border p-3 outline-none',
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  )
}
