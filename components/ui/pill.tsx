import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'

const look = cva(
  'inline-flex items-center gap-1 rounded-full border px-2.25 py-0.5 text-xs whitespace-nowrap [&_svg]:size-3',
  {
    variants: {
      tone: {
        neutral: 'border-line bg-surface-raised text-ink-muted',
        running: 'border-status-running/40 bg-surface text-status-running',
        waiting: 'border-status-waiting/40 bg-surface text-status-waiting',
        completed: 'border-status-completed/40 bg-surface text-status-completed',
        failed: 'border-status-failed/40 bg-surface text-status-failed',
        accent: 'border-transparent bg-accent-soft text-accent',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export type PillTone = NonNullable<VariantProps<typeof look>['tone']>

export function Pill({ className, tone, ...props }: ComponentProps<'span'> & { tone?: PillTone }) {
  return <span className={classNames(look({ tone }), className)} {...props} />
}
