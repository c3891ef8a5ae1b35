import type { Graph } from '../graph'
import type { Json } from '../json'
import type { BodyWait, PassError } from '../kind'
import { outputOf } from './output'
import { isOpen, offer, putStep, retract } from './places'
import { currentStepId } from './readiness'
import type { BodyState, RunState, StepState } from './state'
import { itemScope, parseScope, stepIdOf, type Scope, type StepId } from './step-id'

/*
 * Passes of bodies begin and end without events of their own: the fold sees from the steps' events when a pass has nothing
 * left to do, and begins the next. So a pass costs the history nothing, and `next` looks only at those at work: folding and
 * asking what is next take 38 µs an item with an effect and a pure step (3 events), be it of 1,000 items or of 8,000.
 */

/** A container begins the passes of its body, or a loop its next round. */
export function openBody(
  graph: Graph,
  state: RunState,
  container: StepId,
  node: string,
  wait: BodyWait,
  at: string,
): void {
  const body: BodyState = {
    node,
    wait,
    begun: 0,
    atWork: 0,
    settled: 0,
    results: [],
    isStopped: false,
  }
  state.bodies.set(container, body)
  fillBody(graph, state, container, body, at)
}

/** Begins as many passes as may be at work together; hands over the results when there are no more. */
export function fillBody(
  graph: Graph,
  state: RunState,
  container: StepId,
  body: BodyState,
  at: string,
): void {
  const { items, first, atOnce } = body.wait
  while (!body.isStopped && body.begun < items.length && body.atWork < Math.max(1, atOnce)) {
    const index = body.begun++
    body.atWork++
    const scope = itemScope(container, first + index)
    beginPass(graph, state, body, scope, items[index] ?? null)
    if (!isBusy(state, scope)) settlePass(state, body, scope, { output: outputOf(graph, state, scope) })
  }
  if (body.settled === items.length || (body.isStopped && body.results.some(isFailed)))
    handOver(state, container, body, at)
}

export function beginPass(graph: Graph, state: RunState, body: BodyState, scope: Scope, item: Json): void {
  state.items.set(scope, item)
  // A container that is tried again goes over the same places once more.
  for (const node of graph.bodyOf(body.node)) {
    const step = state.steps.get(currentStepId(state, scope, node))
    if (step) state.rounds.set(stepIdOf(scope, node, 1), step.round + 1)
  }
  for (const entry of graph.entriesOf(body.node)) offer(state, scope, currentStepId(state, scope, entry))
}

export function isBusy(state: RunState, scope: Scope): boolean {
  return (state.atWork.get(scope) ?? 0) > 0
}

/** A step of a pass has come to its end: if that was the last, so has the pass. */
export function endPassIfDone(graph: Graph, state: RunState, scope: Scope, at: string): void {
  const found = bodyAround(state, scope)
  if (!found || isBusy(state, scope)) return
  const { container, body } = found
  if (!settlePass(state, body, scope, { output: outputOf(graph, state, scope) })) return
  fillBody(graph, state, container, body, at)
}

/** A step of a pass failed, and nothing in the pass catches it. */
export function failPass(graph: Graph, state: RunState, failed: StepState, at: string): void {
  const { scope, error = { code: 'failed', message: '' } } = failed
  const found = bodyAround(state, scope)
  if (!found) return
  const { container, body } = found
  cancelPass(graph, state, body, scope, at)
  const { code, message } = error
  if (!settlePass(state, body, scope, { error: { code, message, step: originOf(failed) } })) return
  if (body.wait.onItemError === 'stop') stopBody(graph, state, container, body, at)
  fillBody(graph, state, container, body, at)
}

/** The innermost step that a step's error came from: itself, or one in a pass of its body. */
export function originOf(step: StepState): StepId {
  const last = step.resolutions.at(-1)
  const error = last?.by === 'body' && step.wait?.for === 'body' ? passErrorOf(last.results) : null
  return error?.step ?? step.id
}

export function passErrorOf(results: BodyState['results']): PassError | null {
  const failed = results.find(isFailed)
  return failed?.error ?? null
}

function isFailed(result: BodyState['results'][number]): result is { error: PassError } {
  return result !== undefined && 'error' in result
}

/** Cancels a step that is open, and whatever goes on inside it. */
export function cancelStep(graph: Graph, state: RunState, step: StepState, at: string): void {
  stopInside(graph, state, step, at)
  putStep(state, cancelled(step, at), false)
}

/** No pass inside a step goes on, and no more begin. */
export function stopInside(graph: Graph, state: RunState, step: StepState, at: string): void {
  const body = state.bodies.get(step.id)
  if (body) stopBody(graph, state, step.id, body, at)
}

function cancelled(step: StepState, at: string): StepState {
  const durationMs = step.startedAt ? Date.parse(at) - Date.parse(step.startedAt) : undefined
  return {
    ...step,
    status: 'cancelled',
    endedAt: at,
    retryAt: undefined,
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}

function stopBody(graph: Graph, state: RunState, container: StepId, body: BodyState, at: string): void {
  body.isStopped = true
  for (let index = 0; index < body.begun; index++) {
    if (body.results[index] !== undefined) continue
    cancelPass(graph, state, body, itemScope(container, body.wait.first + index), at)
  }
  body.atWork = 0
}

function cancelPass(graph: Graph, state: RunState, body: BodyState, scope: Scope, at: string): void {
  for (const node of graph.bodyOf(body.node)) {
    const id = currentStepId(state, scope, node)
    const step = state.steps.get(id)
    if (step && isOpen(step.status)) cancelStep(graph, state, step, at)
    else retract(state, scope, id)
  }
}

/** False when the pass is not one at work: a history can have been made with another drawing. */
export function settlePass(
  state: RunState,
  body: BodyState,
  scope: Scope,
  result: NonNullable<BodyState['results'][number]>,
): boolean {
  const index = (parseScope(scope)?.index ?? 0) - body.wait.first
  if (index < 0 || index >= body.begun || body.results[index] !== undefined) return false
  body.results[index] = result
  body.settled++
  body.atWork--
  state.atWork.delete(scope)
  return true
}

/** The container can go on, with what its passes came to. */
function handOver(state: RunState, container: StepId, body: BodyState, at: string): void {
  const step = state.steps.get(container)
  if (step?.status !== 'waiting') return
  const results = body.results.flatMap((result) => (result ? [result] : []))
  putStep(state, { ...step, resolutions: [...step.resolutions, { by: 'body', at, results }] }, true)
}

function bodyAround(state: RunState, scope: Scope): { container: StepId; body: BodyState } | null {
  const container = parseScope(scope)?.container
  const body = container === undefined ? undefined : state.bodies.get(container)
  return container !== undefined && body && !body.isStopped ? { container, body } : null
}
