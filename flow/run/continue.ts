import type { Graph } from '../graph'
import type { BodyWait } from '../kind'
import { beginPass, fillBody, isBusy, settlePass } from './bodies'
import { outputOf } from './output'
import { outermost } from './part'
import { isOpen, offer, putStep } from './places'
import { currentStepId } from './readiness'
import type { BodyState, RunState, StepState } from './state'
import { itemScope, parseStepId, stepIdOf, topScope, type Scope, type StepId } from './step-id'
import { consider, reset } from './turns'

/**
 * An ended run goes on: from the step named, and from whatever failed it or was cut off by its end. What neither follows
 * from those nor lies in the way is kept, inside containers too: of a for-each, only the items that were not done begin
 * again. The drawing may have been changed since: what is new and can begin does.
 */
export function continueFrom(graph: Graph, state: RunState, from: StepId | undefined, at: string): void {
  state.status = 'running'
  state.error = undefined
  state.endedAt = undefined
  state.output = undefined
  state.httpStatus = undefined
  state.steering = undefined
  const { slice } = state
  if (slice) return reopen(graph, state, { id: slice.container, wait: slice.wait, from, at })
  revive(graph, state, { scope: topScope, container: null, from: reachable(graph, state, from), at })
}

interface Revival {
  scope: Scope
  /** Node of the container whose pass this is; null at the top. */
  container: string | null
  from: StepId | undefined
  at: string
}

function revive(graph: Graph, state: RunState, { scope, container, from, at }: Revival): void {
  const nodes = graph.bodyOf(container)
  const named = from === undefined ? null : parseStepId(from)
  const start = named?.scope === scope && nodes.includes(named.node) ? named.node : null
  const again = new Set<string>()
  const reopened: StepState[] = []
  const redone: StepState[] = []
  const beginAgain = (node: string) => {
    again.add(node)
    for (const each of graph.downstream(node)) again.add(each)
    const step = state.steps.get(currentStepId(state, scope, node))
    if (step && isUnfinished(step)) redone.push(step)
  }
  if (start !== null) beginAgain(start)
  for (const node of nodes) {
    const step = state.steps.get(currentStepId(state, scope, node))
    if (!step || node === start) continue
    const isAround = from?.startsWith(`${step.id}[`) ?? false
    // Whoever goes on behind what failed goes on without it.
    const isPassed = start !== null && graph.downstream(node).has(start)
    if (!isAround && (isPassed || !isUnfinished(step))) continue
    if (!canReopen(graph, step)) beginAgain(node)
    else {
      reopened.push(step)
      for (const each of graph.downstream(node)) again.add(each)
    }
  }
  for (const node of again) {
    reset(graph, state, scope, node, at)
    state.jumps.delete(stepIdOf(scope, node, 1))
  }
  for (const { id, node } of redone) state.goesOn.set(currentStepId(state, scope, node), id)
  for (const { id, node, wait } of reopened) {
    if (again.has(node)) continue
    if (wait?.for === 'body') reopen(graph, state, { id, wait, from, at })
    else reopenRuns(state, id)
  }
  for (const node of nodes) consider(graph, state, scope, node)
  if (start !== null) forceIfNeeded(graph, state, scope, start)
}

/** A step to go on from begins even if no line leads to it, unless what is new before it has to come first. */
function forceIfNeeded(graph: Graph, state: RunState, scope: Scope, node: string): void {
  const id = currentStepId(state, scope, node)
  if (state.steps.has(id)) return
  const isToCome = [...graph.upstream(node)].some((before) => {
    const other = currentStepId(state, scope, before)
    return state.candidates.has(other) || isOpen(state.steps.get(other)?.status ?? 'skipped')
  })
  if (isToCome) return
  state.forced.add(id)
  offer(state, scope, id)
}

/** Failed the run or its pass, or was cut off by their end. What a join had cancelled is decided, and stays so. */
function isUnfinished(step: StepState): boolean {
  if (step.handled === 'fail' || step.handled === 'item') return true
  return step.status === 'cancelled' && step.ports === undefined
}

/** Containers go on with the items that were not done, and with the slices that were not. */
function canReopen(graph: Graph, { node, wait }: StepState): boolean {
  if (!graph.definition(node)?.container) return false
  return wait?.for === 'body' || (wait?.for === 'runs' && wait.calls.some((call) => 'slice' in call))
}

/** The step itself, or the container around it whose passes of then are not to be had any more. */
function reachable(graph: Graph, state: RunState, from: StepId | undefined): StepId | undefined {
  if (from === undefined) return undefined
  let outer: StepId = ''
  for (const segment of from.split('/')) {
    const bracket = segment.lastIndexOf('[')
    if (bracket === -1) break
    const id: StepId = outer + segment.slice(0, bracket)
    const wait = state.steps.get(id)?.wait
    const index = Number(segment.slice(bracket + 1, -1))
    const isThere =
      wait?.for === 'body' &&
      currentStepId(state, parseStepId(id).scope, parseStepId(id).node) === id &&
      index >= wait.first &&
      index < wait.first + wait.items.length
    if (!isThere) return id
    outer = `${outer}${segment}/`
  }
  const { scope, node } = parseStepId(from)
  if (!graph.node(node)) return undefined
  return scope === topScope ? outermost(graph, node) : from
}

/** The container waits again for the passes that have not been done. */
function reopen(
  graph: Graph,
  state: RunState,
  { id, wait, from, at }: { id: StepId; wait: BodyWait; from: StepId | undefined; at: string },
): void {
  const { node } = parseStepId(id)
  const step = state.steps.get(id)
  if (step) putStep(state, open(step, step.resolutions.slice(0, Math.max(0, step.heard))), false)
  const scopes = wait.items.map((_, index) => itemScope(id, wait.first + index))
  const body: BodyState = {
    node,
    wait,
    begun: scopes.findLastIndex((scope) => hasBegun(graph, state, scope, node)) + 1,
    atWork: 0,
    settled: 0,
    results: [],
    isStopped: false,
  }
  state.bodies.set(id, body)
  scopes.slice(0, body.begun).forEach((scope, index) => {
    body.atWork++
    state.items.set(scope, wait.items[index] ?? null)
    const isNamed = from?.startsWith(`${scope}/`) ?? false
    const failed = wait.onItemError === 'stop' || isNamed ? null : failureIn(graph, state, scope, node)
    if (failed?.error) {
      const { code, message } = failed.error
      settlePass(state, body, scope, { error: { code, message, step: failed.id } })
      return
    }
    if (!hasBegun(graph, state, scope, node)) beginPass(graph, state, body, scope, wait.items[index] ?? null)
    else revive(graph, state, { scope, container: node, from: isNamed ? from : undefined, at })
    if (!isBusy(state, scope)) settlePass(state, body, scope, { output: outputOf(graph, state, scope) })
  })
  fillBody(graph, state, id, body, at)
}

/** The step is asked again what to wait for, and goes on waiting for the runs that did not complete. */
function reopenRuns(state: RunState, id: StepId): void {
  const step = state.steps.get(id)
  if (!step) return
  const kept = step.resolutions.filter((one) => one.by !== 'run' || one.status === 'completed')
  putStep(state, { ...open(step, kept), heard: -1 }, true)
}

function open(step: StepState, resolutions: StepState['resolutions']): StepState {
  return {
    ...step,
    status: 'waiting',
    resolutions,
    endedAt: undefined,
    durationMs: undefined,
    error: undefined,
    handled: undefined,
    ports: undefined,
    output: undefined,
  }
}

function hasBegun(graph: Graph, state: RunState, scope: Scope, container: string): boolean {
  return graph.bodyOf(container).some((node) => state.steps.has(currentStepId(state, scope, node)))
}

function failureIn(graph: Graph, state: RunState, scope: Scope, container: string): StepState | null {
  for (const node of graph.bodyOf(container)) {
    const step = state.steps.get(currentStepId(state, scope, node))
    if (step?.handled === 'item') return step
  }
  return null
}
