import type { Graph } from '../graph'
import type { Json, JsonObject } from '../json'
import { errorOutput } from './replay'
import { currentStepId, edgeStatus } from './readiness'
import type { RunState, StepState } from './state'
import { parseScope, parseStepId, topScope, type Scope, type StepId } from './step-id'

/** What a step is given by the steps before it. */
export interface StepInput {
  /** Output of the one live predecessor; of several, an object by node id; for a trigger, the run's input. */
  input: Json
  /** Outputs of all live predecessors by node id. */
  inputs: JsonObject
}

export function inputOf(graph: Graph, state: RunState, step: StepId): StepInput {
  const { scope, node } = parseStepId(step)
  if (node === state.triggerNode && scope === topScope) return { input: state.trigger, inputs: {} }
  const inputs: JsonObject = {}
  for (const before of livePredecessors(graph, state, scope, node))
    inputs[before.node] = before.output ?? null
  const outputs = Object.values(inputs)
  // The first steps of a pass are handed its item.
  if (outputs.length === 0 && graph.incoming(node).length === 0) {
    return { input: state.items.get(scope) ?? null, inputs }
  }
  return { input: outputs.length === 1 ? (outputs[0] ?? null) : outputs.length === 0 ? null : inputs, inputs }
}

/** What the root has beyond the history: given by the runtime, or by the editor for a preview. */
export interface RootExtras {
  runId: string
  vars: JsonObject
}

/**
 * The root of a step's expressions: `input trigger steps state run vars`, `item` and `index` inside a container, and
 * `error` after an error port.
 * `run.steps` is built when it is read. The objects are shared with the state: expressions never change them.
 */
export function rootOf(graph: Graph, state: RunState, step: StepId, extras: RootExtras): JsonObject {
  const { scope, node } = parseStepId(step)
  const root: JsonObject = {
    input: inputOf(graph, state, step).input,
    trigger: state.trigger,
    steps: visibleOutputs(state, scope),
    state: state.state,
    run: runOf(state, extras.runId),
    vars: extras.vars,
  }
  const around = parseScope(scope)
  if (around) {
    root.item = state.items.get(scope) ?? null
    root.index = around.index
  }
  const error = errorAt(graph, state, scope, node)
  if (error) root.error = error
  return root
}

/** Outputs by node id as seen from a scope: its own before those further out. */
export function visibleOutputs(state: RunState, scope: Scope): JsonObject {
  const own = state.outputs.get(scope) ?? {}
  const around = parseScope(scope)
  if (!around) return state.slice ? { ...state.slice.steps, ...own } : own
  return { ...visibleOutputs(state, parseStepId(around.container).scope), ...own }
}

function livePredecessors(graph: Graph, state: RunState, scope: Scope, node: string): StepState[] {
  const found = new Map<string, StepState>()
  for (const edge of graph.incoming(node)) {
    if (edgeStatus(state, scope, edge) !== 'live') continue
    const before = state.steps.get(currentStepId(state, scope, edge.from))
    if (before) found.set(before.node, before)
  }
  return [...found.values()]
}

const catching = new WeakMap<Graph, Map<string, boolean>>()

/** Whether an error port lies anywhere before a node: without one, looking for its error walks the whole graph in vain. */
function mayCatch(graph: Graph, node: string): boolean {
  let known = catching.get(graph)
  if (!known) catching.set(graph, (known = new Map()))
  let answer = known.get(node)
  if (answer === undefined) {
    answer = [...graph.upstream(node)].some((before) => graph.node(before)?.onError === 'route')
    known.set(node, answer)
  }
  return answer
}

/** The error that a step sees: one handed on within its pass, else the one that its container sees. */
function errorAt(graph: Graph, state: RunState, scope: Scope, node: string): JsonObject | null {
  const error = mayCatch(graph, node) ? caughtError(graph, state, scope, node) : null
  const around = error ? null : parseScope(scope)
  if (!around) return error
  const outer = parseStepId(around.container)
  return errorAt(graph, state, outer.scope, outer.node)
}

/** The error that the nearest error port on the way to a node handed on. */
function caughtError(graph: Graph, state: RunState, scope: Scope, node: string): JsonObject | null {
  const seen = new Set<string>([node])
  const queue = [node]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const before of livePredecessors(graph, state, scope, at)) {
      if (before.handled === 'route' && before.error)
        return errorOutput(before.error, before.id, before.attempt)
      if (seen.has(before.node)) continue
      seen.add(before.node)
      queue.push(before.node)
    }
  }
  return null
}

function runOf(state: RunState, runId: string): JsonObject {
  const run: JsonObject = {
    id: runId,
    number: state.number,
    flow: state.flow,
    version: state.version,
    trigger: state.cause,
    startedAt: state.startedAt ?? null,
    thread: state.thread ?? null,
    user: state.user ?? null,
  }
  Object.defineProperty(run, 'steps', { enumerable: true, get: () => stepFacts(state) })
  return run
}

function stepFacts(state: RunState): JsonObject {
  const facts: JsonObject = {}
  for (const step of state.steps.values()) {
    facts[step.node] = {
      status: step.status,
      attempts: step.attempt,
      score: step.score ?? null,
      usage: step.usage ? { ...step.usage, model: step.usage.model ?? null } : null,
    }
  }
  return facts
}
