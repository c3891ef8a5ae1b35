'use client'

import { Switch as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={classNames(
        'border-line-strong bg-surface-raised data-[state=checked]:border-ink data-[state=checked]:bg-ink h-4.5 w-8 shrink-0 rounded-full border p-px transition-colors disabled:opacity-50',
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="bg-ink-faint data-[state=checked]:bg-surface block size-3.5 rounded-full transition-transform data-[state=checked]:translate-x-3.5" />
    </Radix.Root>
  )
}
