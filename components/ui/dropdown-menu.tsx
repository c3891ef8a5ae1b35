'use client'

import { Check, ChevronRight } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names'
import { Kbd } from './kbd'
import { menuItemStyle, menuLabelStyle, menuSeparatorStyle, menuSurfaceStyle } from './menu-style'

export const DropdownMenu = Radix.Root
export const DropdownMenuTrigger = Radix.Trigger

export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="start"
        sideOffset={6}
        collisionPadding={8}
        className={classNames(menuSurfaceStyle, className)}
        {...props}
      />
    </Radix.Portal>
  )
}

export function DropdownMenuItem({
  icon,
  keys,
  tone,
  children,
  className,
  ...props
}: ComponentProps<typeof Radix.Item> & { icon?: ReactNode; keys?: string; tone?: 'danger' }) {
  return (
    <Radix.Item className={classNames(menuItemStyle, className)} data-tone={tone} {...props}>
      {icon}
      <span className="flex-1">{children}</span>
      {keys && <Kbd keys={keys} className="ml-4 border-transparent" />}
    </Radix.Item>
  )
}

export function DropdownMenuRadioItem({
  children,
  className,
  ...props
}: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem className={classNames(menuItemStyle, 'pl-7', className)} {...props}>
      <Radix.ItemIndicator className="absolute left-2">
        <Check />
      </Radix.ItemIndicator>
      {children}
    </Radix.RadioItem>
  )
}
export const DropdownMenuRadioGroup = Radix.RadioGroup

export function DropdownMenuSeparator() {
  return <Radix.Separator className={menuSeparatorStyle} />
}

export function DropdownMenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className={menuLabelStyle}>{children}</Radix.Label>
}

/** An item that opens a further menu. */
export function DropdownMenuSub({
  icon,
  label,
  children,
}: {
  icon?: ReactNode
  label: ReactNode
  children: ReactNode
}) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={classNames(menuItemStyle, 'data-[state=open]:bg-surface-hover')}>
        {icon}
        <span className="flex-1">{label}</span>
        <ChevronRight className="text-ink-faint" />
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent sideOffset={4} collisionPadding={8} className={menuSurfaceStyle}>
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  )
}
