import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-ink bg-ink text-surface hover:border-ink/90 hover:bg-ink/90',
        outline: 'border-line-strong bg-surface text-ink hover:bg-surface-hover',
        ghost:
          'border-transparent text-ink-muted hover:bg-surface-hover hover:text-ink data-[state=open]:bg-surface-hover',
        danger: 'border-status-failed bg-status-failed text-surface hover:bg-status-failed/90',
        quiet: 'border-transparent text-accent hover:bg-accent-soft',
      },
      size: {
        xs: 'h-6 px-2 text-xs',
        sm: 'h-7 px-2.5 text-sm',
        md: 'h-7.5 px-3 text-sm',
        lg: 'h-9 px-4 text-base',
      },
    },
    defaultVariants: { variant: 'outline', size: 'md' },
  },
)

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof look> & { asChild?: boolean }

/** `asChild` lends the look to the one child, such as a link. */
export function Button({ className, variant, size, asChild, type, ...props }: ButtonProps) {
  const Tag = asChild ? Slot.Root : 'button'
  return (
    <Tag
      type={asChild ? type : (type ?? 'button')}
      className={classNames(look({ variant, size }), className)}
      {...props}
    />
  )
}
