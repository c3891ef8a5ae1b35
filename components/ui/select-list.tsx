'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import { classNames } from './class-names'
import { menuItemStyle, menuSurfaceStyle } from './menu-style'
import { selectStyle, type SelectProps } from './select-look'

/** The list and its button. `isOpen`: opens at once, for who pressed before it was there. */
export function SelectList({
  value,
  options,
  onChange,
  placeholder,
  className,
  disabled,
  isOpen,
  ...trigger
}: SelectProps<string> & { isOpen: boolean; autoFocus: boolean }) {
  return (
    <Radix.Root value={value ?? ''} onValueChange={onChange} disabled={disabled} defaultOpen={isOpen}>
      <Radix.Trigger className={classNames(selectStyle, className)} {...trigger}>
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
