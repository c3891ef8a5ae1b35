import type { FlowEdge } from '../document'
import type { Graph } from '../graph'
import type { RunState } from './state'
import { stepIdOf, topScope, type Scope, type StepId } from './step-id'

/** The id of a node's current round at a place, whether or not that step has begun. */
export function currentStepId(state: RunState, scope: Scope, node: string): StepId {
  const first = stepIdOf(scope, node, 1)
  const round = state.rounds.get(first) ?? 1
  return round === 1 ? first : stepIdOf(scope, node, round)
}

export function roundOf(state: RunState, scope: Scope, node: string): number {
  return state.rounds.get(stepIdOf(scope, node, 1)) ?? 1
}

/** Whether a node takes part in the run: one that is about a part of its flow leaves others at the top out. */
export function isMember(state: RunState, scope: Scope, node: string): boolean {
  return scope !== topScope || state.members === undefined || state.members.has(node)
}

/** Live: the step before ended and took this port. Dead: it ended without. Undecided: it may still go either way. */
export function edgeStatus(state: RunState, scope: Scope, edge: FlowEdge): 'live' | 'dead' | 'undecided' {
  const before = state.steps.get(currentStepId(state, scope, edge.from))
  if (!before) return isMember(state, scope, edge.from) ? 'undecided' : 'dead'
  if (before.ports === undefined) return 'undecided'
  return before.ports.includes(edge.port) ? 'live' : 'dead'
}

/**
 * Whether a node that has not begun may begin (`ready`), never will (`dead`), or must wait (`undecided`).
 * `join: all` waits until every edge is decided; `any` and a count are ready as soon as enough are live.
 */
export function readiness(
  graph: Graph,
  state: RunState,
  scope: Scope,
  node: string,
): 'ready' | 'dead' | 'undecided' {
  if (state.forced.size > 0 && state.forced.has(currentStepId(state, scope, node))) return 'ready'
  const incoming = graph.incoming(node)
  if (incoming.length === 0) return scope === topScope && node !== state.triggerNode ? 'dead' : 'ready'
  let live = 0
  let undecided = 0
  for (const edge of incoming) {
    const status = edgeStatus(state, scope, edge)
    if (status === 'live') live++
    else if (status === 'undecided') undecided++
  }
  const join = graph.node(node)?.join ?? 'all'
  if (join === 'all') {
    if (undecided > 0) return 'undecided'
    return live > 0 ? 'ready' : 'dead'
  }
  const wanted = join === 'any' ? 1 : join.count
  if (live >= wanted) return 'ready'
  return live + undecided >= wanted ? 'undecided' : 'dead'
}
