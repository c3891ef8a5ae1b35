import type { Json } from '@/flow/json'
import { interruptedCode } from '@/flow/retry'
import { StepError } from '@/flow/kind'
import type { NewEvent } from '@/flow/run/event'
import type { StepAct } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import type { StepContext } from '@/nodes/step'
import { isSameJson } from '../same-json'
import type { Flight } from './flight'
import { checkValue, errorOf } from './perform'

/** What acts need of the run they are part of. */
export interface ActRecord {
  step: StepId
  flight: Flight
  /** As the history tells them. */
  recorded(): readonly StepAct[]
  /** Adds to the history. */
  emit(event: NewEvent): void
  /** Comes back when all that was added is stored. */
  stored(): Promise<void>
  countTokens(tokens: number): void
}

/** How a step does one of several things: see `StepContext.act`. */
export function actsOf(record: ActRecord, stepKey: string): StepContext['act'] {
  const { step, flight } = record
  return async <T extends Json>(
    { name, kind, title, input, effect = 'idempotent' }: Parameters<StepContext['act']>[0],
    work: Parameters<StepContext['act']>[1],
  ): Promise<T> => {
    flight.throwIfAborted()
    const before = record.recorded().find((act) => act.name === name)
    if (before?.status === 'completed' && !isOutdated(before, input)) return before.output as T
    if (before?.status === 'running' && effect === 'once') throw interrupted(title)
    const begun = { name, kind, title, ...(input === undefined ? {} : { input }) }
    record.emit({ type: 'act_started', step, data: begun })
    await record.stored()
    flight.throwIfAborted()
    const begunAt = performance.now()
    try {
      const { output, usage } = await work(`${stepKey}:${name}`)
      flight.throwIfAborted()
      checkValue(output, `What ${title} gave`)
      const tookUs = Math.round((performance.now() - begunAt) * 1_000)
      if (usage) record.countTokens(usage.inputTokens + usage.outputTokens)
      record.emit({
        type: 'act_completed',
        step,
        data: { name, output, tookUs, ...(usage ? { usage } : {}) },
      })
      return output as T
    } catch (thrown) {
      flight.throwIfAborted()
      const { retryAfterMs: _, ...error } = errorOf(thrown)
      const usage = thrown instanceof StepError ? thrown.usage : undefined
      if (usage) record.countTokens(usage.inputTokens + usage.outputTokens)
      record.emit({ type: 'act_failed', step, data: { name, error, ...(usage ? { usage } : {}) } })
      throw thrown
    }
  }
}

/** Carried over from before the run was continued, but it would be done with something else now. */
function isOutdated({ isCarried, input: took }: StepAct, input: Json | undefined): boolean {
  return isCarried === true && !isSameJson(took ?? null, input ?? null)
}

function interrupted(title: string): StepError {
  return new StepError(
    interruptedCode,
    `The process died while ${title} was at work, and nobody knows whether it took effect. Look, then continue the run.`,
  )
}
