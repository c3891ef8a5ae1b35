import type { FlowNode } from '../document'
import type { Graph } from '../graph'
import type { JsonObject } from '../json'
import { donePort, type Outcome, type Wait } from '../kind'
import { mayRetry, retryDelayMs, type EffectivePolicy } from '../retry'
import { usageOf } from './acts'
import { originOf } from './bodies'
import { runLimits, type NewEvent, type StepErrorData } from './event'
import { roundOf } from './readiness'
import type { RunState } from './state'
import { parseStepId, stepIdOf, topScope, type StepId } from './step-id'

/** What the runtime knows of an attempt that came back. */
export interface Attempt {
  step: StepId
  /** From 1. */
  attempt: number
  /** Measured, in microseconds. */
  tookUs?: number
  /** Why it did not really run. */
  instead?: 'sample' | 'mock' | 'disabled'
  /** How many resolutions it was told of, when it was resumed. */
  heard?: number
}

/**
 * The events that an outcome means. `token` names a wait to the outside. The output and the state patch are already
 * shaped by the node's `output` and `assign`.
 */
export function settleOutcome(
  graph: Graph,
  state: RunState,
  attempt: Attempt,
  outcome: Outcome,
  token?: string,
): NewEvent[] {
  const { step, attempt: number, tookUs, instead } = attempt
  const completed = (port: string | string[], output: NewOutput): NewEvent => ({
    type: 'step_completed',
    step,
    data: {
      port,
      output,
      ...(tookUs === undefined ? {} : { tookUs }),
      ...(number > 1 ? { attempt: number } : {}),
      ...(instead ? { instead } : {}),
    },
  })
  switch (outcome.type) {
    case 'done': {
      const event = completed(outcome.port, outcome.output)
      if (event.type === 'step_completed') {
        const usage = outcome.usage ?? usageOf(state.steps.get(step)?.acts ?? [])
        if (usage) event.data.usage = usage
        if (outcome.score !== undefined) event.data.score = outcome.score
      }
      return [...stateChange(step, outcome.state), event]
    }
    case 'wait':
      return [
        {
          type: 'step_waiting',
          step,
          data: { wait: outcome.wait, ...(token ? { token } : {}), ...unheard(state, attempt) },
        },
      ]
    case 'each':
      return [{ type: 'step_waiting', step, data: { wait: eachWait(outcome) } }]
    case 'call': {
      const { type: _, ...call } = outcome
      return [{ type: 'step_waiting', step, data: { wait: { for: 'runs', calls: [call], atOnce: 1 } } }]
    }
    case 'end':
      if (outcome.status === 'failed') {
        const error = outcome.error ?? { code: 'failed', message: 'The flow ended as failed.' }
        return failStep(graph, state, attempt, error)
      }
      if (state.slice) return failStep(graph, state, attempt, endInSlice)
      return [
        completed([], outcome.output),
        {
          type: 'run_completed',
          data: {
            output: outcome.output,
            ...(outcome.httpStatus === undefined ? {} : { httpStatus: outcome.httpStatus }),
            ...(outcome.steering ? { steering: outcome.steering } : {}),
          },
        },
      ]
    case 'repeat': {
      const again = { target: parseStepId(step).node, atMost: runLimits.rounds }
      return beginRound(graph, state, attempt, again, (port) => completed(port, outcome.output))
    }
    case 'jump': {
      const { to: target, atMost, exceeded, output } = outcome
      return beginRound(graph, state, attempt, { target, atMost, exceeded }, (port) =>
        completed(port, output),
      )
    }
  }
}

/** More than it was told of has come meanwhile: it is to be resumed with that at once. */
function unheard(state: RunState, { step, heard }: Attempt): { heard?: number } {
  const come = state.steps.get(step)?.resolutions.length ?? 0
  return heard === undefined || heard === come ? {} : { heard }
}

/** How many items one run of a spread container takes at most: a hundredth of the events that it may have. */
const sliceItems = 100
/** How many slices are at work at once. More would only help more workers than that. */
const slicesAtOnce = 8

function eachWait({ items, first = 0, atOnce, onItemError, mode }: Extract<Outcome, { type: 'each' }>): Wait {
  if (mode === 'inline' || items.length === 0) return { for: 'body', items, first, atOnce, onItemError }
  const size = Math.min(sliceItems, Math.max(1, Math.ceil(items.length / slicesAtOnce)))
  const count = Math.ceil(items.length / size)
  const together = Math.min(count, atOnce, slicesAtOnce)
  const each = Math.max(1, Math.floor(atOnce / Math.max(1, together)))
  const calls = Array.from({ length: count }, (_, index) => ({
    slice: {
      first: first + index * size,
      items: items.slice(index * size, (index + 1) * size),
      atOnce: each,
      onItemError,
    },
  }))
  return { for: 'runs', calls, atOnce: together }
}

type NewOutput = Extract<NewEvent, { type: 'step_completed' }>['data']['output']

/** The events that a failed attempt means: another attempt, the error route, going on with null, or the run's end. */
export function settleError(
  graph: Graph,
  state: RunState,
  attempt: Attempt,
  error: StepErrorData,
  options: { policy: EffectivePolicy; nowMs: number; random: number; retryAfterMs?: number },
): NewEvent[] {
  const { step, attempt: number } = attempt
  const { policy, nowMs, random, retryAfterMs = 0 } = options
  if (mayRetry(policy, error, number)) {
    const delayMs = Math.max(retryDelayMs(policy, number, random), retryAfterMs)
    return [
      {
        type: 'step_retrying',
        step,
        data: { attempt: number, error, retryAt: new Date(nowMs + delayMs).toISOString() },
      },
    ]
  }
  return failStep(graph, state, attempt, error)
}

/** A step failed for good: it goes on as its node says, or it fails the pass that it is part of, or the run. */
function failStep(graph: Graph, state: RunState, attempt: Attempt, error: StepErrorData): NewEvent[] {
  const { step, attempt: number, tookUs } = attempt
  const { scope, node: id } = parseStepId(step)
  const node = graph.node(id)
  const onError = node?.onError ?? 'fail'
  const handled = onError === 'fail' && scope !== topScope ? 'item' : onError
  const failed: NewEvent = {
    type: 'step_failed',
    step,
    data: {
      attempt: number,
      error,
      handled,
      ...(handled === 'continue' ? { port: firstPort(graph, node) } : {}),
      ...(tookUs === undefined ? {} : { tookUs }),
    },
  }
  if (handled !== 'fail') return [failed]
  return [failed, { type: 'run_failed', data: { error: { ...error, ...placeOf(state, attempt) } } }]
}

/** Where an error really came from: of a container, the step in a pass of its body. */
function placeOf(state: RunState, { step, attempt }: Attempt): { step: StepId; attempt: number } {
  const container = state.steps.get(step)
  const origin = container && state.steps.get(originOf(container))
  return origin && origin.id !== step ? { step: origin.id, attempt: origin.attempt } : { step, attempt }
}

function stateChange(step: StepId, patch: JsonObject | undefined): NewEvent[] {
  return patch && Object.keys(patch).length > 0 ? [{ type: 'state_changed', step, data: { patch } }] : []
}

function beginRound(
  graph: Graph,
  state: RunState,
  attempt: Attempt,
  { target, atMost, exceeded }: { target: string; atMost: number; exceeded?: string },
  completed: (port: string | string[]) => NewEvent,
): NewEvent[] {
  const { scope, node } = parseStepId(attempt.step)
  const fail = (code: string, message: string) =>
    failStep(graph, state, attempt, { code, message, retryable: false })
  if (!graph.node(target)) return fail('jump_target_missing', `There is no step named ${target} to jump to.`)
  if (graph.node(target)?.parent !== graph.node(node)?.parent)
    return fail(
      'jump_target_missing',
      `${target} is not in the same container, so nothing can jump to it from here.`,
    )
  const jumps = state.jumps.get(stepIdOf(scope, target, 1)) ?? 0
  if (jumps >= atMost && exceeded !== undefined && graph.outgoing(node).some(({ port }) => port === exceeded))
    return [completed(exceeded)]
  if (jumps >= atMost || state.roundCount >= runLimits.rounds) {
    const limit = Math.min(atMost, runLimits.rounds)
    return fail('rounds_exceeded', `${target} has begun anew ${limit} times, which is as often as it may.`)
  }
  const round = roundOf(state, scope, target)
  return [
    completed([]),
    { type: 'round_started', step: stepIdOf(scope, target, round), data: { by: attempt.step } },
  ]
}

/** A run that does some items of another must not end that. */
const endInSlice: StepErrorData = {
  code: 'end_in_slice',
  message:
    'A step that ends the run cannot do so while the items are spread over workers. Run them inline, or take it out.',
  retryable: false,
}

function firstPort(graph: Graph, node: FlowNode | undefined): string {
  if (!node) return donePort.name
  return (graph.definition(node.id)?.ports(node.config)[0] ?? donePort).name
}
