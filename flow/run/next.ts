import type { Graph } from '../graph'
import type { JsonObject } from '../json'
import type { PassResult } from '../kind'
import { passErrorOf } from './bodies'
import { branchGate } from './branches'
import { isTerminal, type NewEvent } from './event'
import { hasRaces, winnerOver } from './losers'
import { outputOf } from './output'
import { isOpen } from './places'
import { readiness } from './readiness'
import type { RunState, StepState } from './state'
import { isDue } from './waiting'
import { parseStepId, topScope, type Scope, type StepId } from './step-id'

interface Place {
  step: StepId
  node: string
  scope: Scope
  round: number
}

/** What the engine must do next. */
export type Action =
  | ({ do: 'perform'; attempt: number } & Place)
  /** It had begun, and the history does not say how it ended: in flight here, or cut off with its process. */
  | ({ do: 'recover'; attempt: number } & Place)
  /** Perform the attempt `attempt` at that time (ISO 8601). */
  | ({ do: 'retry'; at: string; attempt: number } & Place)
  /** Something that it waited for has come. */
  | ({ do: 'resume'; attempt: number } & Place)
  | ({ do: 'skip' } & Place)
  /** It is at work, and the join `by` goes on without it. */
  | ({ do: 'cancel'; by: StepId } & Place)
  | { do: 'finish'; event: NewEvent }

/**
 * Everything that can be done now, in the order in which it became possible. Pure: asking twice gives the same.
 * The engine leaves out what it has in flight; given that, `next` does not look at it.
 */
export function next(graph: Graph, state: RunState, inFlight?: { has(step: StepId): boolean }): Action[] {
  if (isTerminal(state.status) || state.triggerNode === '') return []
  const actions: Action[] = []
  const gate = branchGate(graph, state)
  let isBusy = state.openCount > 0
  const races = hasRaces(graph)
  for (const id of state.candidates) {
    if (inFlight?.has(id) && !(races && isBeaten(graph, state, id))) {
      isBusy = true
      continue
    }
    const action = actionFor(graph, state, id)
    if (!action || (action.do === 'perform' && !gate.mayBegin(action.scope, action.node))) continue
    actions.push(action)
  }
  if (actions.length === 0 && !isBusy) actions.push({ do: 'finish', event: endOf(graph, state) })
  return actions
}

function isBeaten(graph: Graph, state: RunState, id: StepId): boolean {
  const { scope, node } = parseStepId(id)
  return winnerOver(graph, state, scope, node) !== null
}

/** An action that is an event already; for the others a step is to be performed. */
type Decision = Extract<Action, { do: 'skip' | 'cancel' | 'finish' }>

export function isDecision(action: Action): action is Decision {
  return action.do === 'skip' || action.do === 'cancel' || action.do === 'finish'
}

export function eventOf(decision: Decision): NewEvent {
  switch (decision.do) {
    case 'skip':
      return { type: 'step_skipped', step: decision.step, data: {} }
    case 'cancel':
      return { type: 'step_cancelled', step: decision.step, data: { by: decision.by } }
    case 'finish':
      return decision.event
  }
}

function actionFor(graph: Graph, state: RunState, id: StepId): Action | null {
  const step = state.steps.get(id)
  if (step) return actionForBegun(graph, state, step)
  const place = { step: id, ...parseStepId(id) }
  switch (readiness(graph, state, place.scope, place.node)) {
    case 'ready':
      return winnerOver(graph, state, place.scope, place.node) === null
        ? { do: 'perform', attempt: 1, ...place }
        : { do: 'skip', ...place }
    case 'dead':
      return { do: 'skip', ...place }
    case 'undecided':
      return null
  }
}

function actionForBegun(graph: Graph, state: RunState, step: StepState): Action | null {
  const { scope, node, round, attempt } = step
  const place: Place = { step: step.id, scope, node, round }
  if (!isOpen(step.status)) return null
  const winner = winnerOver(graph, state, scope, node)
  if (winner !== null) return { do: 'cancel', by: winner, ...place }
  if (step.status === 'waiting') return isDue(step) ? { do: 'resume', attempt, ...place } : null
  return step.retryAt === undefined
    ? { do: 'recover', attempt, ...place }
    : { do: 'retry', at: step.retryAt, attempt: attempt + 1, ...place }
}

/** How a run ends that nothing is left to do in. A slice yields what became of its items. */
function endOf(graph: Graph, state: RunState): NewEvent {
  const body = state.slice && state.bodies.get(state.slice.container)
  if (!body) return { type: 'run_completed', data: { output: outputOf(graph, state, topScope) } }
  const failed = body.isStopped ? passErrorOf(body.results) : null
  if (failed) return { type: 'run_failed', data: { error: failed } }
  const results = body.results.map(resultJson)
  return { type: 'run_completed', data: { output: results } }
}

function resultJson(result: PassResult | undefined): JsonObject {
  if (!result || 'output' in result) return { output: result?.output ?? null }
  const { code, message, step } = result.error
  return { error: { code, message, ...(step === undefined ? {} : { step }) } }
}
