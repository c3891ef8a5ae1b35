import { ExpressionError } from '@/flow/expression/error'
import { resolveValue, type Evaluate } from '@/flow/expression/evaluate'
import type { FlowNode } from '@/flow/document'
import { parseDurationMs } from '@/flow/duration'
import type { Graph } from '@/flow/graph'
import { isObject, isTooDeep, jsonLevels, type Json, type JsonObject } from '@/flow/json'
import { donePort, effectOf, StepError, type Outcome, type Resolution, type Wait } from '@/flow/kind'
import { interruptedCode } from '@/flow/retry'
import { runLimits, type StepErrorData } from '@/flow/run/event'
import { mockFor } from '@/flow/run/mock'
import type { Action } from '@/flow/run/next'
import { inputOf, rootOf } from '@/flow/run/root'
import type { RunState } from '@/flow/run/state'
import { stepIdOf } from '@/flow/run/step-id'
import type { KindRun, Services, StepContext } from '@/nodes/step'
import { configOf } from './config'
import type { Flight } from './flight'
import { exceedsBytes } from './value-size'

export type StepAction = Extract<Action, { do: 'perform' | 'recover' | 'retry' | 'resume' }>

/** What the performer lends to steps of one workspace. */
export interface StepSurroundings {
  runs: Readonly<Record<string, KindRun>>
  services: Services
  vars: JsonObject
  /** Throws StepError `secret_missing`. */
  secret(name: string): Promise<string>
  evaluate: Evaluate
}

/** One attempt of one step, and all that it may need. */
export interface StepJob {
  runId: string
  graph: Graph
  state: RunState
  action: StepAction
  around: StepSurroundings
  nowMs: number
  flight: Flight
  emit: StepContext['emit']
  /** Makes the step's acts part of the history. */
  acts(stepKey: string): StepContext['act']
  /**
   * Called before an effect begins, with its resolved and masked config; comes back when that, and all that happened
   * before it, is stored.
   */
  beforeEffect(config: JsonObject): Promise<void>
}

export interface Performed {
  outcome: Outcome
  /** How many resolutions it was resumed with. */
  heard?: number
  instead?: 'sample' | 'mock' | 'disabled'
}

/** Performs the attempt, or resumes its wait. Throws what the step threw; `errorOf` says what that means. */
export async function performStep(job: StepJob): Promise<Performed> {
  const { graph, state, action } = job
  const node = graph.node(action.node)
  const definition = graph.definition(action.node)
  const run = node ? job.around.runs[node.kind] : undefined
  if (!node || !definition || !run) {
    throw new StepError('kind_unknown', `Nothing here can perform the step ${action.node}.`)
  }
  const firstPort = (definition.ports(node.config)[0] ?? donePort).name
  const instead = insteadOf(job, node, firstPort)
  if (instead) return instead

  const { vars, evaluate, secret } = job.around
  const root = rootOf(graph, state, action.step, { runId: job.runId, vars })
  const options = { now: job.nowMs, evaluate }
  const { config, masked } = await configOf(definition, node, root, { ...options, secret })
  const effect = effectOf(definition, config)
  if (action.do === 'recover' && effect === 'once') throw interrupted(node)
  if (effect !== 'none' && action.do !== 'resume') await job.beforeEffect(masked)

  const idempotencyKey = `${job.runId}:${stepIdOf(action.scope, action.node, 1)}:${action.round}`
  const context: StepContext = {
    config,
    input: root.input ?? null,
    get inputs() {
      return inputOf(graph, state, action.step).inputs
    },
    trigger: state.trigger,
    state: state.state,
    steps: isObject(root.steps) ? root.steps : {},
    evaluate: (source, extra) => evaluate(source, extra ? { ...root, ...extra } : root, { now: job.nowMs }),
    secret,
    get signal() {
      return job.flight.signal
    },
    thread: state.thread ?? null,
    user: state.user ?? null,
    act: job.acts(idempotencyKey),
    idempotencyKey,
    attempt: action.attempt,
    now: job.nowMs,
    emit: job.emit,
    services: job.around.services,
  }
  const told = toldOf(state, action)
  const begin = (context: StepContext) => (told ? resume(run, context, told) : run.run(context))
  const limitMs = node.timeout === undefined ? null : parseDurationMs(node.timeout)
  const isBare = effect === 'none' && limitMs === null
  const outcome = await (isBare ? begin(context) : within(limitMs, job.flight, context, begin))
  return {
    outcome: checked(await shaped(node, outcome, root, options)),
    ...(told ? { heard: told.resolutions.length } : {}),
  }
}

interface Told {
  wait: Wait | undefined
  resolutions: readonly Resolution[]
}

/** What ended the waits of the step so far; an attempt after an act that failed goes on with that too. */
function toldOf(state: RunState, action: StepAction): Told | null {
  const { wait, resolutions = [] } = state.steps.get(action.step) ?? {}
  return action.do === 'resume' || (wait && resolutions.length > 0) ? { wait, resolutions } : null
}

function resume(run: KindRun, context: StepContext, { wait, resolutions }: Told): Promise<Outcome> | Outcome {
  if (!run.resume || !wait) throw new StepError('not_resumable', 'This step cannot go on after a wait.')
  return run.resume(context, resolutions, wait)
}

/** Disabled, mocked or sampled steps do not run. */
function insteadOf({ state, action }: StepJob, node: FlowNode, firstPort: string): Performed | null {
  const done = (output: Json): Outcome => ({ type: 'done', port: firstPort, output })
  if (node.disabled) return { outcome: done(null), instead: 'disabled' }
  const mock = mockFor(state.mocks, node.id, triesBefore(state, action) + 1, firstPort)
  if (mock && 'error' in mock) {
    throw new StepError(mock.error.code, mock.error.message, { retryable: mock.error.retryable ?? true })
  }
  if (mock) return { outcome: mock.outcome, instead: 'mock' }
  if (state.samples && node.sample !== undefined && node.sample !== null) {
    return { outcome: done(node.sample), instead: 'sample' }
  }
  return null
}

/** Attempts and rounds counted together. */
function triesBefore(state: RunState, { scope, node, round, attempt }: StepAction): number {
  let tries = attempt - 1
  for (let earlier = 1; earlier < round; earlier++) {
    tries += state.steps.get(stepIdOf(scope, node, earlier))?.attempt ?? 0
  }
  return tries
}

/** Applies the node's `output` and `assign` to what the kind yielded; both see the state as it was on entry. */
async function shaped(
  node: FlowNode,
  outcome: Outcome,
  root: JsonObject,
  options: { now: number; evaluate: Evaluate },
): Promise<Outcome> {
  if (outcome.type !== 'done' || (node.output === undefined && node.assign === undefined)) return outcome
  const withResult = { ...root, result: outcome.output }
  const [output, assigned] = await Promise.all([
    node.output === undefined ? outcome.output : resolveValue(node.output, withResult, options),
    node.assign === undefined ? null : resolveValue(node.assign, withResult, options),
  ])
  const state = isObject(assigned) ? { ...outcome.state, ...assigned } : outcome.state
  return { ...outcome, output, ...(state ? { state } : {}) }
}

function checked(outcome: Outcome): Outcome {
  if ('output' in outcome) checkValue(outcome.output, 'What it yields')
  if (outcome.type === 'done' && outcome.state) checkValue(outcome.state, 'Its change of the state')
  return outcome
}

/** Throws StepError `value_too_deep` and `value_too_large` for a value that no history can hold. */
export function checkValue(value: Json, what: string): void {
  if (isTooDeep(value)) throw valueTooDeep(what)
  if (exceedsBytes(value, runLimits.valueBytes)) throw valueTooLarge(what)
}

function valueTooLarge(what: string): StepError {
  return new StepError(
    'value_too_large',
    `${what} is larger than 16 MiB. Keep large things outside and hand on where they are.`,
  )
}

function valueTooDeep(what: string): StepError {
  return new StepError(
    'value_too_deep',
    `${what} is nested more than ${jsonLevels} levels deep. Yield the part that later steps need.`,
  )
}

function interrupted(node: FlowNode): StepError {
  return new StepError(
    interruptedCode,
    `The process died while ${node.name || node.id} was at work, and nobody knows whether it took effect. Look, then continue the run.`,
  )
}

/** Begins with a time limit for the attempt; comes back at once when aborted, even if the step does not care. */
function within(
  limitMs: number | null,
  flight: Flight,
  context: StepContext,
  begin: (context: StepContext) => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  const { signal } = flight
  return new Promise<Outcome>((resolve, reject) => {
    const stop = () => reject(signal.reason)
    const timer = limitMs === null ? null : setTimeout(() => flight.abort(tookTooLong(limitMs)), limitMs)
    const settle = () => {
      if (timer) clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const begun = new Promise<Outcome>((yielded) => yielded(begin(context)))
    begun.then(resolve, (error: unknown) => reject(signal.aborted ? signal.reason : error)).finally(settle)
  })
}

function tookTooLong(limitMs: number): StepError {
  return new StepError('timeout', `It took longer than ${limitMs / 1_000} s, its time limit.`, {
    retryable: true,
  })
}

/** What a thrown thing means as a step's error. Those that nobody throws on purpose keep their message only. */
export function errorOf(thrown: unknown): StepErrorData & { retryAfterMs?: number } {
  if (thrown instanceof StepError) {
    const { code, message, retryable, details } = thrown
    const retryAfterMs = isObject(details) ? details.retryAfterMs : undefined
    return {
      code,
      message,
      retryable,
      ...(details === undefined ? {} : { details }),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    }
  }
  if (thrown instanceof ExpressionError)
    return { code: thrown.code, message: thrown.message, retryable: false }
  return {
    code: 'unexpected',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    retryable: true,
  }
}
