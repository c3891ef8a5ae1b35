import { parentPort } from 'node:worker_threads'
import { ExpressionError } from '../../flow/expression/error'
import { evaluateExpression } from '../../flow/expression/evaluate'
import type { Answer, Question } from './thread'

/** Evaluates one expression after the other. Ended from outside when one does not come back. */
parentPort?.on('message', ({ id, source, root, options }: Question) => {
  evaluateExpression(source, root, options).then(
    (value) => answer({ id, value }),
    (error: unknown) => answer({ id, failure: failureOf(error) }),
  )
})

function failureOf(error: unknown) {
  if (error instanceof ExpressionError) {
    const { code, message, reason, at } = error
    return { code, message, reason, at }
  }
  return {
    code: 'expression_failed' as const,
    message: error instanceof Error ? error.message : String(error),
  }
}

function answer(message: Answer): void {
  parentPort?.postMessage(message)
}

answer('ready')
