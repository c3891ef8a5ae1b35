import type { Worker } from 'node:worker_threads'
import { ExpressionError, limitError, type ExpressionErrorCode } from '@/flow/expression/error'
import type { EvaluateOptions } from '@/flow/expression/evaluate'
import { expressionLimits } from '@/flow/expression/limits'
import type { Json } from '@/flow/json'
import { startThread } from '../threads/start-thread'

/** What the thread is asked. */
export interface Question {
  id: number
  source: string
  root: unknown
  options: EvaluateOptions
}

/** What the thread says. */
export type Answer =
  | 'ready'
  | { id: number; value: Json }
  | { id: number; failure: { code: ExpressionErrorCode; message: string; reason?: string; at?: number } }

interface Job {
  question: Question
  resolve: (value: Json) => void
  reject: (error: Error) => void
  timer?: NodeJS.Timeout
}

/** jsonata's own clock may end an evaluation first: its message says more. */
const graceMs = 100

/** One worker thread that evaluates one expression at a time. Ended, with the evaluation, when that takes too long. */
export class ExpressionThread {
  private readonly worker: Worker
  private job: Job | null = null
  private isReady = false
  /** Ended, or about to be: takes no more questions. */
  isSpent = false

  constructor(onGone: (thread: ExpressionThread) => void) {
    this.worker = startThread('expression', import.meta.url, {
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      env: {},
    })
    this.worker.unref()
    this.worker.on('message', (answer: Answer) => this.hear(answer))
    this.worker.on('error', (error) => this.fail(endedBy(error)))
    this.worker.on('exit', () => {
      this.isSpent = true
      this.fail(limitError('The thread of the expression ended before it had a value.'))
      onGone(this)
    })
  }

  /** Throws ExpressionError. What the question holds must be fit to be copied to a thread, as JSON is. */
  ask(question: Question): Promise<Json> {
    return new Promise((resolve, reject) => {
      this.job = { question, resolve, reject }
      this.worker.ref()
      if (this.isReady) this.begin()
    })
  }

  async close(): Promise<void> {
    this.isSpent = true
    await this.worker.terminate()
  }

  private begin(): void {
    const { job } = this
    if (!job) return
    const timeoutMs = job.question.options.timeoutMs ?? expressionLimits.isolatedMs
    job.timer = setTimeout(() => {
      this.fail(limitError(`The expression was ended after ${timeoutMs} ms. Look for a loop without an end.`))
      void this.close()
    }, timeoutMs + graceMs)
    this.worker.postMessage(job.question)
  }

  private hear(answer: Answer): void {
    if (answer === 'ready') {
      this.isReady = true
      this.begin()
      return
    }
    const { job } = this
    if (!job || job.question.id !== answer.id) return
    if ('value' in answer) {
      this.finish()
      job.resolve(answer.value)
    } else {
      const { code, message, reason, at } = answer.failure
      this.fail(new ExpressionError(code, message, { reason, at }))
    }
  }

  private fail(error: ExpressionError): void {
    const { job } = this
    this.finish()
    job?.reject(error)
  }

  private finish(): void {
    if (!this.job) return
    clearTimeout(this.job.timer)
    this.job = null
    this.worker.unref()
  }
}

function endedBy(error: Error & { code?: string }): ExpressionError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return limitError('The expression needs too much memory.')
  return new ExpressionError('expression_failed', `The thread of the expression broke: ${error.message}`, {
    cause: error,
  })
}
