import type { Graph } from '../graph'
import type { Json, JsonObject } from '../json'
import { currentStepId, isMember } from './readiness'
import type { RunState, StepState } from './state'
import { parseScope, parseStepId, type Scope } from './step-id'

/**
 * What a scope yields that no `complete` ended: the output of the step that nothing followed; of several, an object by node
 * id. Goes over the nodes of the scope, not over the history.
 */
export function outputOf(graph: Graph, state: RunState, scope: Scope): Json {
  const around = parseScope(scope)
  const lasts: StepState[] = []
  for (const node of graph.bodyOf(around ? parseStepId(around.container).node : null)) {
    const step = state.steps.get(currentStepId(state, scope, node))
    if (!step?.ports || step.status === 'skipped' || step.status === 'cancelled' || step.instead === 'given')
      continue
    const goesOn = graph
      .outgoing(node)
      .some((edge) => step.ports?.includes(edge.port) && isMember(state, scope, edge.to))
    if (!goesOn) lasts.push(step)
  }
  if (lasts.length === 1) return lasts[0]?.output ?? null
  const byNode: JsonObject = {}
  for (const step of lasts) byNode[step.node] = step.output ?? null
  return lasts.length === 0 ? null : byNode
}
