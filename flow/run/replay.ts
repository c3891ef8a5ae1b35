import type { Graph } from '../graph'
import type { Json, JsonObject } from '../json'
import { isTerminal, type RunEvent, type StepErrorData, type StepStatus } from './event'
import { currentStepId, readiness } from './readiness'
import type { RunState, StepState } from './state'
import { parseStepId, stepIdOf, topScope, type Scope, type StepId } from './step-id'

/** The state before the first event. */
export function startState(): RunState {
  return {
    status: 'queued',
    lastSeq: 0,
    number: 0,
    flow: '',
    version: null,
    triggerNode: '',
    cause: '',
    trigger: null,
    state: {},
    samples: false,
    mocks: {},
    steps: new Map(),
    rounds: new Map(),
    outputs: new Map(),
    candidates: new Set(),
    forced: new Set(),
    openCount: 0,
    orderCount: 0,
    roundCount: 0,
  }
}

/** The state of a run by its history. The engine schedules from it and the browser draws from it. */
export function replay(graph: Graph, events: readonly RunEvent[]): RunState {
  const state = startState()
  for (const event of events) fold(graph, state, event)
  return state
}

/** The state after some more events, leaving the given one as it was: steps that no event touched stay identical. */
export function extend(graph: Graph, state: RunState, events: readonly RunEvent[]): RunState {
  const copy: RunState = {
    ...state,
    steps: new Map(state.steps),
    rounds: new Map(state.rounds),
    outputs: new Map([...state.outputs].map(([scope, outputs]) => [scope, { ...outputs }])),
    candidates: new Set(state.candidates),
    forced: new Set(state.forced),
  }
  for (const event of events) fold(graph, copy, event)
  return copy
}

/**
 * Folds one event into the state, in place. Relies on events arriving in `seq` order; one that was seen already
 * (a re-delivery) changes nothing.
 */
export function fold(graph: Graph, state: RunState, event: RunEvent): void {
  if (event.seq <= state.lastSeq) return
  state.lastSeq = event.seq
  switch (event.type) {
    case 'run_started': {
      const { node, flow, version, number, cause, trigger } = event.data
      Object.assign(state, { flow, version, number, cause, trigger, triggerNode: node, status: 'running' })
      state.state = event.data.state
      state.samples = event.data.samples ?? false
      state.mocks = event.data.mocks ?? {}
      state.user = event.data.user
      state.thread = event.data.thread
      state.startedAt = event.at
      for (const entry of graph.entriesOf(null)) state.candidates.add(stepIdOf(topScope, entry, 1))
      return
    }
    case 'step_started':
      return change(state, event, {
        status: 'running',
        attempt: event.data.attempt,
        retryAt: undefined,
        ...(event.data.config ? { config: event.data.config } : {}),
      })
    case 'step_retrying':
      return change(state, event, {
        status: 'running',
        attempt: event.data.attempt,
        retryAt: event.data.retryAt,
        retries: [
          ...(stepOf(state, event)?.retries ?? []),
          { attempt: event.data.attempt, error: event.data.error, at: event.at },
        ],
      })
    case 'step_waiting': {
      const resolutions = stepOf(state, event)?.resolutions ?? []
      change(state, event, {
        status: 'waiting',
        wait: event.data.wait,
        heard: resolutions.length,
        ...(event.data.token ? { token: event.data.token } : {}),
      })
      if (event.step) state.candidates.delete(event.step)
      state.status = 'running'
      return
    }
    case 'event_received':
    case 'answer_received': {
      const step = stepOf(state, event)
      if (step?.status !== 'waiting') return
      change(state, event, { status: 'waiting', resolutions: [...step.resolutions, event.data.resolution] })
      return
    }
    case 'step_completed': {
      const { port, output, attempt, tookUs, usage, score, instead } = event.data
      const ports = typeof port === 'string' ? [port] : port
      return decide(graph, state, event, output, {
        status: 'completed',
        ports,
        output,
        ...(attempt === undefined ? {} : { attempt }),
        ...(usage ? { usage } : {}),
        ...(score === undefined ? {} : { score }),
        ...(instead ? { instead } : {}),
        ...measured(tookUs),
      })
    }
    case 'step_failed': {
      const { error, attempt, handled, port, tookUs } = event.data
      const ports = handled === 'route' ? ['error'] : handled === 'continue' && port ? [port] : []
      const output = handled === 'route' ? errorOutput(error, event.step ?? '', attempt) : null
      return decide(graph, state, event, handled === 'continue' ? null : undefined, {
        status: 'failed',
        error,
        attempt,
        handled,
        ports,
        output,
        ...measured(tookUs),
      })
    }
    case 'step_skipped':
      return decide(graph, state, event, undefined, { status: 'skipped', ports: [] })
    case 'step_cancelled':
      return decide(graph, state, event, undefined, { status: 'cancelled', ports: [] })
    case 'state_changed':
      state.state = { ...state.state, ...event.data.patch }
      return
    case 'round_started':
      state.roundCount++
      if (event.step) reset(graph, state, event.step, event.at)
      return
    case 'run_continued': {
      state.status = 'running'
      state.error = undefined
      state.endedAt = undefined
      if (event.data.version !== undefined) state.version = event.data.version
      for (const id of unfinished(state, event.data.from)) reset(graph, state, id, event.at)
      return
    }
    case 'run_completed':
      state.output = event.data.output
      state.httpStatus = event.data.httpStatus
      return end(state, 'completed', event.at)
    case 'run_failed':
      state.error = event.data.error
      return end(state, 'failed', event.at)
    case 'run_cancelled':
      return end(state, 'cancelled', event.at)
    case 'run_paused':
      state.status = 'waiting'
      return
    case 'message_sent':
      return
  }
}

/** What an error port hands on, and the root's `error`. */
export function errorOutput(error: StepErrorData, step: string, attempt: number): JsonObject {
  return {
    code: error.code,
    message: error.message,
    step,
    attempt,
    ...(error.details === undefined ? {} : { details: error.details }),
  }
}

function stepOf(state: RunState, event: RunEvent): StepState | undefined {
  return event.step === undefined ? undefined : state.steps.get(event.step)
}

function measured(tookUs: number | undefined): Partial<StepState> {
  return tookUs === undefined ? {} : { durationMs: tookUs / 1_000 }
}

const isOpen = (status: StepStatus) => status === 'running' || status === 'waiting'

/** Shared by the many steps that had none. */
const nothing: readonly never[] = []

/** Puts a changed copy of the event's step in place of the old one, and keeps the counts and candidates true. */
function change(state: RunState, event: RunEvent, patch: Partial<StepState> & { status: StepStatus }): void {
  if (event.step === undefined || isTerminal(state.status)) return
  const id: StepId = event.step
  const before = state.steps.get(id)
  const begins = before === undefined && patch.status !== 'skipped'
  const after: StepState = before
    ? { ...before, ...patch }
    : {
        id,
        ...parseStepId(id),
        order: begins ? ++state.orderCount : 0,
        attempt: begins ? 1 : 0,
        retries: nothing,
        resolutions: nothing,
        heard: 0,
        startedAt: begins ? event.at : undefined,
        ...patch,
      }
  state.steps.set(id, after)
  state.openCount += Number(isOpen(after.status)) - Number(before !== undefined && isOpen(before.status))
  state.forced.delete(id)
  if (isOpen(after.status)) {
    state.candidates.add(id)
    if (state.status === 'waiting' || state.status === 'queued') state.status = 'running'
  } else state.candidates.delete(id)
}

/** A step came to its end: its output becomes visible and the nodes after it are looked at. */
function decide(
  graph: Graph,
  state: RunState,
  event: RunEvent,
  visible: Json | undefined,
  patch: Partial<StepState> & { status: StepStatus },
): void {
  if (event.step === undefined || isTerminal(state.status)) return
  const before = state.steps.get(event.step)
  const startedAt = before?.startedAt
  // What a step that waited measured is its last moment only.
  const isMeasured = patch.durationMs !== undefined && before?.wait === undefined
  change(state, event, {
    ...patch,
    endedAt: event.at,
    retryAt: undefined,
    ...(!isMeasured && startedAt ? { durationMs: Date.parse(event.at) - Date.parse(startedAt) } : {}),
  })
  const { scope, node } = parseStepId(event.step)
  if (visible !== undefined) {
    const outputs = state.outputs.get(scope)
    if (outputs) outputs[node] = visible
    else state.outputs.set(scope, { [node]: visible })
  }
  for (const edge of graph.outgoing(node)) consider(graph, state, scope, edge.to)
}

function consider(graph: Graph, state: RunState, scope: Scope, node: string): void {
  const id = currentStepId(state, scope, node)
  if (!state.steps.has(id) && readiness(graph, state, scope, node) !== 'undecided') state.candidates.add(id)
}

/** Begins a new round of a step's node and of all nodes after it in the same scope. */
function reset(graph: Graph, state: RunState, id: StepId, at: string): void {
  const { scope, node } = parseStepId(id)
  for (const member of [node, ...graph.downstream(node)]) {
    const current = currentStepId(state, scope, member)
    const step = state.steps.get(current)
    state.candidates.delete(current)
    if (!step) continue
    if (isOpen(step.status)) cancelStep(state, step, at)
    state.rounds.set(stepIdOf(scope, member, 1), step.round + 1)
  }
  const target = currentStepId(state, scope, node)
  state.forced.add(target)
  state.candidates.add(target)
}

/** The steps that a continuation begins again: the named one, and whatever failed the run or was cancelled by its end. */
function unfinished(state: RunState, from: string | undefined): StepId[] {
  const ids = new Set<StepId>(from === undefined ? [] : [from])
  for (const step of state.steps.values()) {
    const isCurrent = currentStepId(state, step.scope, step.node) === step.id
    if (isCurrent && (step.status === 'cancelled' || step.handled === 'fail')) ids.add(step.id)
  }
  return [...ids]
}

function end(state: RunState, status: 'completed' | 'failed' | 'cancelled', at: string): void {
  if (isTerminal(state.status)) return
  state.status = status
  state.endedAt = at
  for (const step of state.steps.values()) if (isOpen(step.status)) cancelStep(state, step, at)
  state.candidates.clear()
  state.forced.clear()
}

function cancelStep(state: RunState, step: StepState, at: string): void {
  const durationMs = step.startedAt ? Date.parse(at) - Date.parse(step.startedAt) : undefined
  state.openCount--
  state.steps.set(step.id, {
    ...step,
    status: 'cancelled',
    endedAt: at,
    retryAt: undefined,
    ...(durationMs === undefined ? {} : { durationMs }),
  })
}
