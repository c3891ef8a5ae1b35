import type { Json, JsonObject } from '../json'
import type { BodyWait, PassResult, Resolution, Steering, Usage, Wait } from '../kind'
import type { RunError, RunParent, RunSlice, RunStatus, StepErrorData, StepStatus } from './event'
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
  /** How many of the resolutions the step has already been resumed with; -1: it is to be resumed whatever came. */
  readonly heard: number
  /** What it has done so far, in order, when it does several things. */
  readonly acts: readonly StepAct[]
  readonly startedAt?: string
  readonly endedAt?: string
  /** Milliseconds, fractions for quick steps; absent while it runs. */
  readonly durationMs?: number
  readonly usage?: Usage
  readonly score?: number
  readonly instead?: 'sample' | 'mock' | 'disabled' | 'given'
  /** Resolved, masked config of an effect. */
  readonly config?: JsonObject
}

/** One of the things that a step does: a call of a model or of a tool. */
export interface StepAct {
  readonly name: string
  readonly kind: 'model' | 'tool'
  /** For people: the model, or the tool. */
  readonly title: string
  readonly status: 'running' | 'completed' | 'failed'
  readonly input?: Json
  readonly output?: Json
  readonly error?: StepErrorData
  readonly usage?: Usage
  readonly startedAt: string
  /** Milliseconds; absent while it runs. */
  readonly durationMs?: number
  /** Done before the run was continued; it counts as long as the step takes the same way again. */
  readonly isCarried?: true
}

/** A container's body at work. Kept when it is done: a continuation goes on from it. */
export interface BodyState {
  /** The container's node. */
  node: string
  wait: BodyWait
  /** Passes begin in the order of the items: so many have. */
  begun: number
  /** How many have begun and not ended. */
  atWork: number
  /** How many have ended. */
  settled: number
  /** By place in `wait.items`. */
  results: (PassResult | undefined)[]
  /** A pass failed that stops the others, or the container was cancelled: no more passes begin. */
  isStopped: boolean
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
  parent?: RunParent
  /** How many flows have called each other down to this one. */
  depth: number
  /** When this run does only some items of a container of its parent. */
  slice?: RunSlice
  /** The nodes at the top that this run is about; without it, all. */
  members?: ReadonlySet<string>
  steps: Map<StepId, StepState>
  /** Latest round of a node at a place, by `stepIdOf(scope, node, 1)`. Absent = 1. */
  rounds: Map<string, number>
  /** Outputs that expressions may read, latest round, by scope and node id. */
  outputs: Map<Scope, JsonObject>
  /** Bodies of containers, by the container's step. */
  bodies: Map<StepId, BodyState>
  /** What each pass is about, by its scope. */
  items: Map<Scope, Json>
  /** How many places of a pass are at work: candidates, and steps that wait. At zero the pass has ended. */
  atWork: Map<Scope, number>
  /** Jumps to a place since something before it began anew, by `stepIdOf(scope, node, 1)`. */
  jumps: Map<string, number>
  /** Places with something to do now: ready, dead, to resume, to retry, or cut off in mid-attempt. Kept by the fold, read by `next`. */
  candidates: Set<StepId>
  /** Of rounds that a continuation began: the step that failed or was cut off, and is done again. */
  goesOn: Map<StepId, StepId>
  /** Places that a jump, repeat or continuation made ready whatever their edges say. */
  forced: Set<StepId>
  /** Steps running or waiting. */
  openCount: number
  /** Steps begun so far. */
  orderCount: number
  roundCount: number
  output?: Json
  httpStatus?: number
  steering?: Steering
  error?: RunError
  startedAt?: string
  endedAt?: string
}
