import { TriangleAlert } from 'lucide-react'
import type { StepErrorData } from '@/flow/run/event'
import type { StepState } from '@/flow/run/state'
import { ValueView } from './value-view'

const handledWords: Record<NonNullable<StepState['handled']>, string> = {
  fail: 'The run failed with it. To go on in spite of an error, set “If it fails” of this step to continue or route.',
  continue: 'The run went on with the output null, as this step says.',
  route: 'The run went on by the error port, which carries the error.',
  item: 'The work on this item ended with it. “On item error” of the container says what becomes of the others.',
}

/** An error as the history holds it: code, message, what was done about it. */
export function StepError({ error, handled }: { error: StepErrorData; handled?: StepState['handled'] }) {
  return (
    <div className="border-status-failed/40 bg-status-failed-soft flex flex-col gap-2 rounded-lg border p-3">
      <p className="text-status-failed flex items-center gap-1.5 font-mono text-xs font-medium">
        <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
        {error.code}
      </p>
      <p className="break-words whitespace-pre-wrap">{error.message}</p>
      {handled && <p className="text-ink-muted text-xs">{handledWords[handled]}</p>}
      {error.details !== undefined && error.details !== null && (
        <ValueView label="Details" value={error.details} path="error.details" />
      )}
    </div>
  )
}
