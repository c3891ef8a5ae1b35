import type { Json } from '@/flow/json'
import type { RunError, RunEvent, RunStatus } from '@/flow/run/event'

export interface RunResult {
  runId: string
  number: number
  status: RunStatus
  output: Json
  error: RunError | null
  httpStatus: number | null
}

/** How a run stood when it left this memory. */
export interface LeftRun extends RunResult {
  /** All of its history that is stored; null when that is not known here. */
  history: readonly RunEvent[] | null
}
