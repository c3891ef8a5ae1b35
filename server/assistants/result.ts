import type { OpenQuestion } from '@/db/waits'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { Steering } from '@/flow/kind'
import type { RunError, RunStatus } from '@/flow/run/event'
import { answerTool } from './answer-tool'

/** A run that a function's call has started, as far as it has come. */
export interface CalledRun {
  id: string
  status: RunStatus
  output: Json
  error: RunError | null
  /** What its end says of the talk. */
  steering: Steering | null
  /** What it asks, when it is parked at a question. */
  question: OpenQuestion | null
}

/**
 * What a function's call gives to the model: the run's output, and what guides the talk: `status`, `prompt_guidance`
 * and `next_action`, by the names of the outside contract. Where the run's end does not say them, an output may.
 */
export function resultOf(run: CalledRun): JsonObject {
  switch (run.status) {
    case 'completed':
      return { status: 'success', ...membersOf(run.output), ...guidanceOf(run.steering) }
    case 'failed':
    case 'cancelled':
      return failure(
        run.error?.code ?? 'cancelled',
        run.error?.message ?? 'It was stopped before it had come to an end.',
        run.id,
      )
    case 'waiting':
    case 'queued':
    case 'running':
      return run.question ? questionOf(run.id, run.question) : pending(run.id)
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

function questionOf(run: string, { step, title, schema, isForAnyone }: OpenQuestion): JsonObject {
  if (!isForAnyone) {
    return {
      status: 'pending',
      run,
      prompt_guidance: `Somebody else has to decide first: ${title} Say that it is under way.`,
    }
  }
  return {
    status: 'waiting',
    run,
    step,
    ...(schema ? { answer_schema: schema } : {}),
    prompt_guidance: title,
    next_action: answerTool.name,
  }
}

const pending = (run: string): JsonObject => ({
  status: 'pending',
  run,
  prompt_guidance: 'This takes a while longer. Say that it is under way.',
})

function membersOf(output: Json): JsonObject {
  if (isObject(output)) return output
  return output === null ? {} : { result: output }
}

function guidanceOf(steering: Steering | null): JsonObject {
  const { status, guidance, next } = steering ?? {}
  return {
    ...(status ? { status } : {}),
    ...(guidance ? { prompt_guidance: guidance } : {}),
    ...(next ? { next_action: next } : {}),
  }
}
