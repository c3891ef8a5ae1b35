'use client'

import { Tabs as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

export const Tabs = Radix.Root
export const TabsContent = Radix.Content

export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return <Radix.List className={classNames('border-line flex gap-4.5 border-b', className)} {...props} />
}

export function TabsTrigger({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={classNames(
        'text-ink-faint hover:text-ink data-[state=active]:border-ink data-[state=active]:text-ink -mb-px border-b-2 border-transparent pb-2 font-medium',
        className,
      )}
      {...props}
    />
  )
}
