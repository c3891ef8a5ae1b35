import type { PillTone } from '@/components/ui/pill'
import { formatDurationMs } from '@/flow/duration'
import type { RunStatus, StepStatus } from '@/flow/run/event'

interface Look {
  word: string
  tone: PillTone
  /** Fill of dots and bars. */
  fill: string
}

/** How the status of a run or a step is said and coloured. */
export const statusWords: Record<RunStatus | StepStatus, Look> = {
  queued: { word: 'Queued', tone: 'neutral', fill: 'bg-ink-faint' },
  running: { word: 'Running', tone: 'running', fill: 'bg-status-running' },
  waiting: { word: 'Waiting', tone: 'waiting', fill: 'bg-status-waiting' },
  completed: { word: 'Completed', tone: 'completed', fill: 'bg-status-completed' },
  failed: { word: 'Failed', tone: 'failed', fill: 'bg-status-failed' },
  cancelled: { word: 'Cancelled', tone: 'neutral', fill: 'bg-status-skipped' },
  skipped: { word: 'Skipped', tone: 'neutral', fill: 'bg-status-skipped' },
}

const causes: Record<string, string> = {
  manual: 'By hand',
  api: 'API',
  webhook: 'Webhook',
  schedule: 'Schedule',
}

/** What started a run, as people say it. */
export function causeWords(cause: string): string {
  return causes[cause] ?? cause.replace(/_/g, ' ').replace(/^./, (letter) => letter.toUpperCase())
}

export function versionWords(version: number | null): string {
  return version === null ? 'Draft' : `v${version}`
}

const grouped = new Intl.NumberFormat('en')
/** `Run 1,204`. */
export function runName(number: number): string {
  return `Run ${grouped.format(number)}`
}

/** Seconds on a run's clock: `0.0 s`, `4.3 s`, then as durations are written. */
export function clockWords(elapsedMs: number): string {
  return elapsedMs < 59_950 ? `${(Math.max(0, elapsedMs) / 1_000).toFixed(1)} s` : formatDurationMs(elapsedMs)
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** `just now`, `5 minutes ago`, `yesterday`; a date after a week. */
export function agoWords(at: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(at)
  if (Math.abs(passedMs) < 60_000) return 'just now'
  if (passedMs > 7 * 86_400_000) return dateTime.format(new Date(at))
  for (const [unit, ms] of steps) {
    if (Math.abs(passedMs) >= ms) return relative.format(-Math.round(passedMs / ms), unit)
  }
  return 'just now'
}

export function dateTimeWords(at: string): string {
  return dateTime.format(new Date(at))
}
