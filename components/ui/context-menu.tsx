'use client'

import { Check, ChevronRight } from 'lucide-react'
import { ContextMenu as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names'
import { Kbd } from './kbd'
import { menuItemStyle, menuLabelStyle, menuSeparatorStyle, menuSurfaceStyle } from './menu-style'

export const ContextMenu = Radix.Root
export const ContextMenuTrigger = Radix.Trigger

export function ContextMenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content collisionPadding={8} className={classNames(menuSurfaceStyle, className)} {...props} />
    </Radix.Portal>
  )
}

export function ContextMenuItem({
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

export function ContextMenuRadioItem({
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
export const ContextMenuRadioGroup = Radix.RadioGroup

export function ContextMenuSeparator() {
  return <Radix.Separator className={menuSeparatorStyle} />
}

export function ContextMenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className={menuLabelStyle}>{children}</Radix.Label>
}

/** An item that opens a further menu. */
export function ContextMenuSub({
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
