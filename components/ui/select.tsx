'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import { controlStyle } from './control-style'
import { menuItemStyle, menuSurfaceStyle } from './menu-style'

interface SelectOption<V extends string = string> {
  value: V
  label: ReactNode
  /** Faint words after the label. */
  hint?: ReactNode
  disabled?: boolean
}

export interface SelectProps<V extends string> {
  value: V | undefined
  options: readonly SelectOption<V>[]
  onChange: (value: V) => void
  placeholder?: string
  id?: string
  disabled?: boolean
  className?: string
  'aria-label'?: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}

export function Select<V extends string>({
  value,
  options,
  onChange,
  placeholder,
  className,
  disabled,
  ...trigger
}: SelectProps<V>) {
  const choose = (next: string) => {
    const option = options.find((each) => each.value === next)
    if (option) onChange(option.value)
  }
  return (
    <Radix.Root value={value ?? ''} onValueChange={choose} disabled={disabled}>
      <Radix.Trigger
        className={classNames(
          controlStyle,
          'data-placeholder:text-ink-faint flex h-8 items-center justify-between gap-2 px-2.5 text-left [&>span]:truncate',
          className,
        )}
        {...trigger}
      >
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon asChild>
          <ChevronDown className="text-ink-faint size-3.5 shrink-0" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            menuSurfaceStyle,
            'max-h-80 min-w-(--radix-select-trigger-width) overflow-hidden',
          )}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className={classNames(menuItemStyle, 'pr-8')}
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint && <span className="text-ink-faint">{option.hint}</span>}
                <Radix.ItemIndicator className="absolute right-2">
                  <Check className="size-3.5" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
