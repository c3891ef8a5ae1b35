import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { RunError, RunStatus } from '@/flow/run/event'

/** A run that a function's call has started, as far as it has come. */
export interface CalledRun {
  id: string
  status: RunStatus
  output: Json
  error: RunError | null
  /** What the run asks for, when it is parked at a question. */
  question: { step: string; title: string } | null
}

/**
 * What a function's call gives to the model: the run's output, and what guides the talk: `status`, `prompt_guidance`
 * and `next_action`, by the names of the outside contract. An output that has them itself keeps them.
 */
export function resultOf(run: CalledRun): JsonObject {
  switch (run.status) {
    case 'completed':
      return { status: 'success', ...membersOf(run.output) }
    case 'failed':
    case 'cancelled':
      return failure(
        run.error?.code ?? 'cancelled',
        run.error?.message ?? 'It was stopped before it had come to an end.',
        run.id,
      )
    case 'waiting':
      if (run.question) {
        return {
          status: 'waiting',
          run: run.id,
          step: run.question.step,
          prompt_guidance: run.question.title,
          next_action: 'answer',
        }
      }
      return pending(run.id)
    case 'queued':
    case 'running':
      return pending(run.id)
  }
}

/** In place of a result: why there is none. */
export function failure(code: string, message: string, run?: string): JsonObject {
  return {
    status: 'error',
    error: { code, message },
    ...(run === undefined ? {} : { run }),
    prompt_guidance: 'This did not work. Say so plainly, and offer to try again or to help otherwise.',
  }
}

const pending = (run: string): JsonObject => ({
  status: 'pending',
  run,
  prompt_guidance: 'This takes a while longer. Say that it is under way.',
  next_action: 'check_later',
})

function membersOf(output: Json): JsonObject {
  if (isObject(output)) return output
  return output === null ? {} : { result: output }
}
