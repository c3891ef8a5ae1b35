import type { FlowNode } from '../document'
import type { Graph } from '../graph'
import type { JsonObject } from '../json'
import { donePort, type Outcome, type Wait } from '../kind'
import { mayRetry, retryDelayMs, type EffectivePolicy } from '../retry'
import { runLimits, type NewEvent, type StepErrorData } from './event'
import { roundOf } from './readiness'
import type { RunState } from './state'
import { parseStepId, stepIdOf, type StepId } from './step-id'

/** What the runtime knows of an attempt that came back. */
export interface Attempt {
  step: StepId
  /** From 1. */
  attempt: number
  /** Measured, in microseconds. */
  tookUs?: number
  /** Why it did not really run. */
  instead?: 'sample' | 'mock' | 'disabled'
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
        if (outcome.usage) event.data.usage = outcome.usage
        if (outcome.score !== undefined) event.data.score = outcome.score
      }
      return [...stateChange(step, outcome.state), event]
    }
    case 'wait':
      return [{ type: 'step_waiting', step, data: { wait: outcome.wait, ...(token ? { token } : {}) } }]
    case 'each':
      return [{ type: 'step_waiting', step, data: { wait: eachWait(outcome) } }]
    case 'call': {
      const { type: _, ...call } = outcome
      return [{ type: 'step_waiting', step, data: { wait: { for: 'runs', calls: [call], atOnce: 1 } } }]
    }
    case 'end':
      if (outcome.status === 'failed') {
        const error = outcome.error ?? { code: 'failed', message: 'The flow ended as failed.' }
        return failRun({ step, attempt: number, ...(tookUs === undefined ? {} : { tookUs }) }, error)
      }
      return [
        completed([], outcome.output),
        {
          type: 'run_completed',
          data: {
            output: outcome.output,
            ...(outcome.httpStatus === undefined ? {} : { httpStatus: outcome.httpStatus }),
          },
        },
      ]
    case 'repeat':
      return beginRound(
        graph,
        state,
        attempt,
        parseStepId(step).node,
        runLimits.rounds,
        completed([], outcome.output),
      )
    case 'jump':
      return beginRound(graph, state, attempt, outcome.to, outcome.atMost + 1, completed([], outcome.output))
  }
}

/** How many items one run of a spread container takes at most: a hundredth of the events that it may have. */
const sliceItems = 100
/** How many slices are at work at once. More would only help more workers than that. */
const slicesAtOnce = 8

function eachWait({ items, first = 0, atOnce, onItemError, mode }: Extract<Outcome, { type: 'each' }>): Wait {
  if (mode === 'inline') return { for: 'body', items, first, atOnce, onItemError }
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
  const { step, attempt: number, tookUs } = attempt
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
  const node = graph.node(parseStepId(step).node)
  const handled = node?.onError ?? 'fail'
  if (handled === 'fail') return failRun(attempt, error)
  return [
    {
      type: 'step_failed',
      step,
      data: {
        attempt: number,
        error,
        handled,
        ...(handled === 'continue' ? { port: firstPort(graph, node) } : {}),
        ...(tookUs === undefined ? {} : { tookUs }),
      },
    },
  ]
}

function failRun(attempt: Attempt, error: StepErrorData): NewEvent[] {
  const { step, attempt: number, tookUs } = attempt
  return [
    {
      type: 'step_failed',
      step,
      data: { attempt: number, error, handled: 'fail', ...(tookUs === undefined ? {} : { tookUs }) },
    },
    { type: 'run_failed', data: { error: { ...error, step, attempt: number } } },
  ]
}

function stateChange(step: StepId, patch: JsonObject | undefined): NewEvent[] {
  return patch && Object.keys(patch).length > 0 ? [{ type: 'state_changed', step, data: { patch } }] : []
}

function beginRound(
  graph: Graph,
  state: RunState,
  attempt: Attempt,
  target: string,
  atMost: number,
  completed: NewEvent,
): NewEvent[] {
  const { scope } = parseStepId(attempt.step)
  const round = roundOf(state, scope, target)
  if (!graph.node(target)) {
    return failRun(attempt, {
      code: 'jump_target_missing',
      message: `There is no step named ${target} to jump to.`,
    })
  }
  if (round >= atMost || state.roundCount >= runLimits.rounds) {
    const limit = Math.min(atMost, runLimits.rounds)
    return failRun(attempt, {
      code: 'rounds_exceeded',
      message: `The step ${target} has run its ${limit} rounds.`,
    })
  }
  return [
    completed,
    { type: 'round_started', step: stepIdOf(scope, target, round), data: { by: attempt.step } },
  ]
}

function firstPort(graph: Graph, node: FlowNode | undefined): string {
  if (!node) return donePort.name
  return (graph.definition(node.id)?.ports(node.config)[0] ?? donePort).name
}
