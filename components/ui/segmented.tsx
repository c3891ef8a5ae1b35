'use client'

import { ToggleGroup as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

export const segmentedStyle = 'flex gap-0.5 rounded-lg border border-line bg-surface-raised p-0.5'
export const segmentStyle =
  'rounded-md px-3 py-0.75 text-sm font-medium text-ink-muted hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-soft aria-[current=page]:bg-surface aria-[current=page]:text-ink aria-[current=page]:shadow-soft'

/** One of a few, all in sight. Always has a value. */
export function Segmented<V extends string>({
  value,
  options,
  onChange,
  label,
  className,
}: {
  value: V
  options: readonly { value: V; label: ReactNode }[]
  onChange: (value: V) => void
  /** Names the group to assistive technology. */
  label: string
  className?: string
}) {
  const choose = (next: string) => {
    const option = options.find((each) => each.value === next)
    if (option) onChange(option.value)
  }
  return (
    <Radix.Root
      type="single"
      value={value}
      onValueChange={choose}
      aria-label={label}
      className={classNames(segmentedStyle, className)}
    >
      {options.map((option) => (
        <Radix.Item key={option.value} value={option.value} className={segmentStyle}>
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  )
}
