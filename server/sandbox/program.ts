import type { LogLevel } from '@/nodes/step'

/** A code step on its way to a thread. Values travel as JSON text: parsed inside the sandbox, never outside it. */
export interface Program {
  id: number
  source: string
  input: string
  steps: string
  state: string
  trigger: string
  now: number
  seed: string
}

export interface SandboxLimits {
  /** Of work, in milliseconds; checked inside the sandbox. */
  timeLimitMs: number
  memoryBytes: number
  /** Of the returned JSON text, in characters. */
  resultChars: number
}

export const sandboxLimits: SandboxLimits = {
  timeLimitMs: 5_000,
  memoryBytes: 64 * 1024 * 1024,
  resultChars: 16 * 1024 * 1024,
}

/** What a thread is born with. `stopped[0]` holds the id of the program that must stop. */
export interface ThreadData {
  limits: SandboxLimits
  stopped: Int32Array
}

export type SandboxFailure = {
  code: 'code_error' | 'code_timeout' | 'code_memory' | 'code_stopped' | 'value_too_large'
  message: string
  /** Of the source, from 1. */
  line?: number
}

/** What comes back from a thread: log lines as they are written, then one end. `isSpent`: the thread can no longer be used. */
export type ThreadMessage =
  | { type: 'ready' }
  | { type: 'log'; id: number; level: LogLevel; message: string }
  | ({ id: number; isSpent: boolean } & (
      { type: 'done'; json: string } | { type: 'failed'; failure: SandboxFailure }
    ))
