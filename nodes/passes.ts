import { isObject, type Json } from '@/flow/json'
import { StepError, type PassError, type PassResult, type Resolution } from '@/flow/kind'

/** What the passes of a container's body came to the last time. */
export function passesOf(resolutions: readonly Resolution[]): readonly PassResult[] {
  const last = resolutions.at(-1)
  return last?.by === 'body' ? last.results : []
}

/** The same as a run that did some of the passes yields it. */
export function passesIn(output: Json): PassResult[] {
  if (!Array.isArray(output)) return []
  return output.map((result): PassResult => {
    const error = isObject(result) ? result.error : undefined
    if (!isObject(error)) return { output: isObject(result) ? ((result.output ?? null) as Json) : null }
    const { code, message, step } = error
    return {
      error: {
        code: typeof code === 'string' ? code : 'failed',
        message: typeof message === 'string' ? message : '',
        ...(typeof step === 'string' ? { step } : {}),
      },
    }
  })
}

/** What a container throws when a pass failed and it is to fail with it. The step inside has had all its attempts. */
export function passFailed({ code, message, step }: PassError): StepError {
  return new StepError(code, message, {
    retryable: false,
    ...(step === undefined ? {} : { details: { step } }),
  })
}

/** What a step throws when a run that it waited for did not complete. */
export function childFailed(resolution: Extract<Resolution, { by: 'run' }>): StepError {
  const { run, status, error } = resolution
  const { code, message } = error ?? {
    code: status === 'cancelled' ? 'child_cancelled' : 'child_failed',
    message:
      status === 'cancelled'
        ? 'The run that it waited for was cancelled.'
        : 'The run that it waited for failed.',
  }
  const details = { run, ...(error?.step === undefined ? {} : { step: error.step }) }
  return new StepError(code, message, { retryable: false, details })
}
