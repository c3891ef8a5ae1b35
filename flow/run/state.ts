import type { Json, JsonObject } from '../json'
import type { Resolution, Usage, Wait } from '../kind'
import type { RunError, RunStatus, StepErrorData, StepStatus } from './event'
import type { Scope, StepId } from './step-id'

/** One step of a run as the history tells it. Never mutated: folding an event makes a new object. */
export interface StepState {
  readonly id: StepId
  readonly node: string
  readonly scope: Scope
  readonly round: number
  readonly status: StepStatus
  /** 1 for the first step that began in this run, then 2, …; 0 for skipped ones. */
  readonly order: number
  /** Attempts so far, from 1; 0 for skipped ones. */
  readonly attempt: number
  /** Errors of earlier attempts, oldest first. */
  readonly retries: readonly { attempt: number; error: StepErrorData; at: string }[]
  /** While it pauses between attempts. */
  readonly retryAt?: string
  /** Live ports, once decided. Empty when skipped. */
  readonly ports?: readonly string[]
  readonly output?: Json
  readonly error?: StepErrorData
  /** What was done about the error. */
  readonly handled?: 'fail' | 'continue' | 'route' | 'item'
  readonly wait?: Wait
  readonly token?: string
  readonly resolutions: readonly Resolution[]
  /** How many of the resolutions the step has already been resumed with. */
  readonly heard: number
  readonly startedAt?: string
  readonly endedAt?: string
  /** Milliseconds, fractions for quick steps; absent while it runs. */
  readonly durationMs?: number
  readonly usage?: Usage
  readonly score?: number
  readonly instead?: 'sample' | 'mock' | 'disabled'
  /** Resolved, masked config of an effect. */
  readonly config?: JsonObject
}

/** The state of a run: a fold of its events. `steps` holds every step of every round in order of first mention. */
export interface RunState {
  status: RunStatus
  lastSeq: number
  number: number
  flow: string
  version: number | null
  /** The trigger node that started it. */
  triggerNode: string
  cause: string
  trigger: Json
  /** Shared state now. */
  state: JsonObject
  samples: boolean
  mocks: JsonObject
  user?: string
  thread?: string
  steps: Map<StepId, StepState>
  /** Latest round of a node at a place, by `stepIdOf(scope, node, 1)`. Absent = 1. */
  rounds: Map<string, number>
  /** Outputs that expressions may read, latest round, by scope and node id. */
  outputs: Map<Scope, JsonObject>
  /** Places with something to do now: ready, dead, to resume, to retry, or cut off in mid-attempt. Kept by the fold, read by `next`. */
  candidates: Set<StepId>
  /** Places that a jump, repeat or continuation made ready whatever their edges say. */
  forced: Set<StepId>
  /** Steps running or waiting. */
  openCount: number
  /** Steps begun so far. */
  orderCount: number
  roundCount: number
  output?: Json
  httpStatus?: number
  error?: RunError
  startedAt?: string
  endedAt?: string
}
