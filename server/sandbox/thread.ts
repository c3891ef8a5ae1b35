import type { Worker } from 'node:worker_threads'
import type { Program, SandboxFailure, SandboxLimits, ThreadData, ThreadMessage } from './program'
import { startThread } from '../threads/start-thread'

/** How much longer than its time limit a program may hold its thread before the thread is ended from outside. */
const graceMs = 1_000
const noProgram = -1

export type Ending = { json: string } | { failure: SandboxFailure }
type LogMessage = Extract<ThreadMessage, { type: 'log' }>

interface Job {
  id: number
  log: (line: LogMessage) => void
  end: (ending: Ending) => void
  killTimer?: NodeJS.Timeout
}

/** One worker thread with QuickJS in it, running one program at a time. */
export class SandboxThread {
  private readonly worker: Worker
  private readonly stopped = new Int32Array(new SharedArrayBuffer(4)).fill(noProgram)
  private job: Job | null = null
  /** A program that came before the thread was up. */
  private early: Program | null = null
  private isReady = false
  /** Ended, or about to be: takes no more programs. */
  isSpent = false

  constructor(
    private readonly limits: SandboxLimits,
    onGone: (thread: SandboxThread) => void,
  ) {
    this.worker = startThread('code', import.meta.url, {
      workerData: { limits, stopped: this.stopped } satisfies ThreadData,
      // The sandbox's own stack limit must be reached first; one overflow of the real stack breaks QuickJS for good.
      resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 256 },
      env: {},
    })
    this.worker.unref()
    this.worker.on('message', (message: ThreadMessage) => this.hear(message))
    this.worker.on('error', (error) =>
      this.finish({ failure: { code: 'code_error', message: error.message } }),
    )
    this.worker.on('exit', () => {
      this.isSpent = true
      this.finish({ failure: { code: 'code_error', message: 'The sandbox ended without a result.' } })
      onGone(this)
    })
  }

  run(program: Program, log: Job['log']): Promise<Ending> {
    return new Promise((end) => {
      this.job = { id: program.id, log, end }
      this.worker.ref()
      if (this.isReady) this.begin(program)
      else this.early = program
    })
  }

  /** Asks the running program to stop; ends the thread when it does not within the grace. */
  stop(): void {
    if (!this.job) return
    Atomics.store(this.stopped, 0, this.job.id)
    clearTimeout(this.job.killTimer)
    this.job.killTimer = setTimeout(() => this.kill(), graceMs)
  }

  async close(): Promise<void> {
    this.isSpent = true
    await this.worker.terminate()
  }

  private begin(program: Program): void {
    if (!this.job) return
    this.job.killTimer = setTimeout(() => this.kill(), this.limits.timeLimitMs + graceMs)
    this.worker.postMessage(program)
  }

  private kill(): void {
    this.finish({
      failure: { code: 'code_timeout', message: 'The code did not stop in time and was ended.' },
    })
    void this.close()
  }

  private hear(message: ThreadMessage): void {
    if (message.type === 'ready') {
      this.isReady = true
      if (this.early) this.begin(this.early)
      this.early = null
      return
    }
    if (message.id !== this.job?.id) return
    if (message.type === 'log') return this.job.log(message)
    if (message.isSpent) void this.close()
    this.finish(message.type === 'done' ? { json: message.json } : { failure: message.failure })
  }

  private finish(ending: Ending): void {
    const job = this.job
    if (!job) return
    this.job = null
    clearTimeout(job.killTimer)
    this.worker.unref()
    job.end(ending)
  }
}
