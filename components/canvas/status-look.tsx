import { Ban, Check, CirclePause, LoaderCircle, Minus, X, type LucideIcon } from 'lucide-react'
import type { StepStatus } from '@/flow/run/event'

/** How a step's status looks: an icon and a word first, then a colour. */
export interface StatusLook {
  word: string
  icon: LucideIcon
  /** Border and ring of the node's card. */
  card: string
  badge: string
}

export const statusLooks: Record<StepStatus, StatusLook> = {
  running: {
    word: 'running',
    icon: LoaderCircle,
    card: 'border-status-running ring-3 ring-status-running/18',
    badge: 'border-status-running text-status-running [&_svg]:animate-spin',
  },
  waiting: {
    word: 'waiting',
    icon: CirclePause,
    card: 'border-dashed border-status-waiting',
    badge: 'border-status-waiting text-status-waiting',
  },
  completed: {
    word: 'completed',
    icon: Check,
    card: 'border-status-completed/55',
    badge: 'border-status-completed/45 text-status-completed',
  },
  failed: {
    word: 'failed',
    icon: X,
    card: 'border-status-failed ring-3 ring-status-failed/15',
    badge: 'border-status-failed text-status-failed',
  },
  skipped: {
    word: 'skipped',
    icon: Minus,
    card: 'border-line shadow-none',
    badge: 'border-line text-ink-faint',
  },
  cancelled: {
    word: 'cancelled',
    icon: Ban,
    card: 'border-line-strong',
    badge: 'border-line-strong text-ink-muted',
  },
}
