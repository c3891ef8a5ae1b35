import { CircleAlert, CircleCheck, Clock, LoaderCircle } from 'lucide-react'
import type { ApiOutput } from '@/components/api/trpc'
import { dateTimeWords } from '@/components/runs/run-words'
import { Button } from '@/components/ui/button'
import { embeddingWords } from './embedding-words'

type EmbeddingView = ApiOutput['knowledge']['embeddings']

const icons = {
  working: <LoaderCircle aria-hidden className="text-ink-faint size-4 shrink-0 animate-spin" />,
  waiting: <Clock aria-hidden className="text-status-waiting size-4 shrink-0" />,
  failed: <CircleAlert aria-hidden className="text-status-failed size-4 shrink-0" />,
  ready: <CircleCheck aria-hidden className="text-status-completed size-4 shrink-0" />,
}

/** How far the passages of a collection are embedded, and what to do about a failure. */
export function EmbeddingProgress({
  view,
  isBusy,
  onRetry,
}: {
  view: EmbeddingView
  isBusy: boolean
  /** Absent for those who may only look. */
  onRetry: (() => void) | undefined
}) {
  const { state, embedded, passages, problem, retryAt } = view
  if (state === 'off') return null
  const isStuck = state === 'failed' || state === 'waiting'
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p role="status" className="flex min-w-0 flex-1 items-center gap-2 text-sm">
          {icons[state]} {embeddingWords(view)}
        </p>
        {isStuck && onRetry && (
          <Button disabled={isBusy} onClick={onRetry}>
            {state === 'failed' ? 'Try again' : 'Try now'}
          </Button>
        )}
      </div>
      {state !== 'ready' && passages > 0 && (
        <div
          role="progressbar"
          aria-label="Passages embedded"
          aria-valuemin={0}
          aria-valuenow={embedded}
          aria-valuemax={passages}
          className="bg-line h-1.5 overflow-hidden rounded-full"
        >
          <div
            className="bg-accent h-full rounded-full"
            style={{ width: `${(100 * embedded) / passages}%` }}
          />
        </div>
      )}
      {isStuck && problem && (
        <p role={state === 'failed' ? 'alert' : undefined} className="text-sm break-words">
          <span className={state === 'failed' ? 'text-status-failed' : 'text-ink-muted'}>
            {problem.message}
          </span>{' '}
          <span className="text-ink-muted">
            {retryAt === null
              ? 'The rest is found by its words.'
              : `It is tried again at ${dateTimeWords(retryAt)}; until then the rest is found by its words.`}
          </span>
        </p>
      )}
    </div>
  )
}
