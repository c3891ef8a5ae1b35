import type { Graph } from '../graph'
import type { Json, JsonObject } from '../json'
import { isTerminal, type NewEvent } from './event'
import { branchGate } from './branches'
import { readiness } from './readiness'
import type { RunState, StepState } from './state'
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
 * The engine leaves out what it has already in flight.
 */
export function next(graph: Graph, state: RunState): Action[] {
  if (isTerminal(state.status) || state.triggerNode === '') return []
  const actions: Action[] = []
  const gate = branchGate(graph, state)
  for (const id of state.candidates) {
    const action = actionFor(graph, state, id)
    if (!action || (action.do === 'perform' && !gate.mayBegin(action.scope, action.node))) continue
    actions.push(action)
  }
  if (actions.length === 0 && state.openCount === 0) {
    actions.push({
      do: 'finish',
      event: { type: 'run_completed', data: { output: finalOutput(graph, state) } },
    })
  }
  return actions
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
  const place = { step: id, ...parseStepId(id) }
  const step = state.steps.get(id)
  if (step) return actionForBegun(place, step)
  switch (readiness(graph, state, place.scope, place.node)) {
    case 'ready':
      return { do: 'perform', attempt: 1, ...place }
    case 'dead':
      return { do: 'skip', ...place }
    case 'undecided':
      return null
  }
}

function actionForBegun(place: Place, step: StepState): Action | null {
  if (step.status === 'waiting') {
    return step.resolutions.length > step.heard ? { do: 'resume', attempt: step.attempt, ...place } : null
  }
  if (step.status !== 'running') return null
  return step.retryAt === undefined
    ? { do: 'recover', attempt: step.attempt, ...place }
    : { do: 'retry', at: step.retryAt, attempt: step.attempt + 1, ...place }
}

/**
 * What a run yields that no `complete` ended: the output of the step that nothing followed; of several, an object by
 * node id.
 */
function finalOutput(graph: Graph, state: RunState): Json {
  const lasts: StepState[] = []
  for (const step of state.steps.values()) {
    if (step.scope !== topScope || step.ports === undefined || step.status === 'skipped') continue
    const isCurrent = (state.rounds.get(step.node) ?? 1) === step.round
    const goesOn = graph.outgoing(step.node).some((edge) => step.ports?.includes(edge.port))
    if (isCurrent && !goesOn) lasts.push(step)
  }
  if (lasts.length === 1) return lasts[0]?.output ?? null
  const byNode: JsonObject = {}
  for (const step of lasts) byNode[step.node] = step.output ?? null
  return lasts.length === 0 ? null : byNode
}
