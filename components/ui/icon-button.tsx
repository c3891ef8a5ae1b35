import type { ReactNode } from 'react'
import { Button, type ButtonProps } from './button'
import { classNames } from './class-names'
import { Tooltip } from './tooltip'

const square = { xs: 'w-6', sm: 'w-7', md: 'w-7.5', lg: 'w-9' } as const

/** A button of one icon. `label` is its accessible name and its tooltip; `keys` its shortcut, such as `Mod+Z`. */
export function IconButton({
  label,
  keys,
  children,
  className,
  size = 'sm',
  variant = 'ghost',
  tooltip = true,
  ...props
}: Omit<ButtonProps, 'asChild' | 'aria-label'> & {
  label: string
  keys?: string
  tooltip?: boolean
  children: ReactNode
}) {
  const button = (
    <Button
      aria-label={label}
      size={size}
      variant={variant}
      className={classNames('px-0 [&_svg]:size-4', square[size ?? 'sm'], className)}
      {...props}
    >
      {children}
    </Button>
  )
  return tooltip ? (
    <Tooltip label={label} keys={keys}>
      {button}
    </Tooltip>
  ) : (
    button
  )
}
