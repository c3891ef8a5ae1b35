import type { Graph } from '../graph'
import { cancelStep } from './bodies'
import { losersOf } from './losers'
import { isOpen, offer, putStep, retract } from './places'
import { currentStepId, isMember, readiness } from './readiness'
import type { RunState } from './state'
import { stepIdOf, type Scope } from './step-id'

/** A node that something before it may have made ready, or dead. */
export function consider(graph: Graph, state: RunState, scope: Scope, node: string): void {
  if (!isMember(state, scope, node)) return
  const id = currentStepId(state, scope, node)
  if (state.steps.has(id)) return
  const is = readiness(graph, state, scope, node)
  if (is === 'undecided') return
  offer(state, scope, id)
  if (is === 'dead') return
  for (const loser of losersOf(graph, node)) {
    const step = state.steps.get(currentStepId(state, scope, loser))
    if (step && isOpen(step.status)) putStep(state, step, true)
  }
}

/** Makes room for a new round of a node, if it has had one. */
export function reset(graph: Graph, state: RunState, scope: Scope, node: string, at: string): void {
  const current = currentStepId(state, scope, node)
  const step = state.steps.get(current)
  retract(state, scope, current)
  if (!step) return
  if (isOpen(step.status)) cancelStep(graph, state, step, at)
  state.rounds.set(stepIdOf(scope, node, 1), step.round + 1)
}
