import type { Graph } from '../graph'
import type { Json, JsonObject } from '../json'
import type { Resolution } from '../kind'
import { actsAfter, actsCarried, actsKept } from './acts'
import { cancelStep, endPassIfDone, failPass, openBody, stopInside } from './bodies'
import { continueFrom } from './continue'
import { isTerminal, type EventData, type RunEvent, type StepErrorData, type StepStatus } from './event'
import { membersOf, outermost, putGiven } from './part'
import { isOpen, offer, putStep } from './places'
import { currentStepId } from './readiness'
import type { RunState, StepState } from './state'
import { consider, reset } from './turns'
import { isDue } from './waiting'
import { parseStepId, stepIdOf, topScope, type StepId } from './step-id'

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
    depth: 0,
    steps: new Map(),
    rounds: new Map(),
    outputs: new Map(),
    bodies: new Map(),
    items: new Map(),
    atWork: new Map(),
    jumps: new Map(),
    goesOn: new Map(),
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
    bodies: new Map([...state.bodies].map(([id, body]) => [id, { ...body, results: [...body.results] }])),
    items: new Map(state.items),
    atWork: new Map(state.atWork),
    jumps: new Map(state.jumps),
    goesOn: new Map(state.goesOn),
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
    case 'run_started':
      return start(graph, state, event.data, event.at)
    case 'step_started': {
      const { attempt, config, goesOn } = event.data
      const before = goesOn === undefined ? undefined : state.steps.get(goesOn)
      change(state, event, {
        status: 'running',
        attempt,
        retryAt: undefined,
        ...(config ? { config } : {}),
        ...(before ? { acts: actsCarried(before) } : {}),
      })
      return
    }
    case 'step_retrying':
      change(state, event, {
        status: 'running',
        attempt: event.data.attempt,
        retryAt: event.data.retryAt,
        ...keptAfter(stepOf(state, event)),
        retries: [
          ...(stepOf(state, event)?.retries ?? []),
          { attempt: event.data.attempt, error: event.data.error, at: event.at },
        ],
      })
      return
    case 'step_waiting': {
      const { wait, token } = event.data
      const resolutions = stepOf(state, event)?.resolutions ?? []
      const patch = {
        status: 'waiting' as const,
        wait,
        heard: event.data.heard ?? resolutions.length,
        ...(token ? { token } : {}),
      }
      const step = change(state, event, patch)
      if (step && wait.for === 'body') openBody(graph, state, step.id, step.node, wait, event.at)
      return
    }
    case 'event_received':
    case 'answer_received': {
      const step = stepOf(state, event)
      if (step?.status !== 'waiting' || isRepeated(step, event.data.resolution)) return
      change(state, event, { status: 'waiting', resolutions: [...step.resolutions, event.data.resolution] })
      return
    }
    case 'act_started':
    case 'act_completed':
    case 'act_failed': {
      const step = stepOf(state, event)
      if (step && isOpen(step.status))
        change(state, event, { status: step.status, acts: actsAfter(step, event) })
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
      if (event.step) beginRound(graph, state, event.step, event.at)
      return
    case 'run_continued':
      if (event.data.version !== undefined) state.version = event.data.version
      return continueFrom(graph, state, event.data.from, event.at)
    case 'run_completed':
      state.output = event.data.output
      state.httpStatus = event.data.httpStatus
      state.steering = event.data.steering
      return end(graph, state, 'completed', event.at)
    case 'run_failed':
      state.error = event.data.error
      return end(graph, state, 'failed', event.at)
    case 'run_cancelled':
      return end(graph, state, 'cancelled', event.at)
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

/** A run that a step waits for ends once; the news of it may come twice. */
function isRepeated(step: StepState, resolution: Resolution): boolean {
  if (resolution.by !== 'run') return false
  return step.resolutions.some((one) => one.by === 'run' && one.call === resolution.call)
}

/** What came was for the attempt that failed; but when only an act failed, the next attempt goes on from there. */
function keptAfter(step: StepState | undefined): Pick<StepState, 'resolutions' | 'heard' | 'acts'> {
  const acts = step ? actsKept(step) : null
  if (!step || !acts) return { resolutions: nothing, heard: 0, acts: nothing }
  return { resolutions: step.resolutions, heard: step.resolutions.length, acts }
}

function measured(tookUs: number | undefined): Partial<StepState> {
  return tookUs === undefined ? {} : { durationMs: tookUs / 1_000 }
}

/** Shared by the many steps that had none. */
const nothing: readonly never[] = []

function start(graph: Graph, state: RunState, data: EventData<'run_started'>, at: string): void {
  const { node, flow, version, number, cause, trigger, part, slice } = data
  Object.assign(state, { flow, version, number, cause, trigger, triggerNode: node, status: 'running' })
  state.state = data.state
  state.samples = data.samples ?? false
  state.mocks = data.mocks ?? {}
  state.user = data.user
  state.thread = data.thread
  state.parent = data.parent
  state.depth = data.depth ?? 0
  state.startedAt = at
  if (slice) {
    state.slice = slice
    return openBody(graph, state, slice.container, parseStepId(slice.container).node, slice.wait, at)
  }
  const from = outermost(graph, part?.from)
  if (part) {
    state.members = membersOf(graph, part)
    putGiven(graph, state, part)
  }
  if (from !== undefined) {
    state.forced.add(stepIdOf(topScope, from, 1))
    return consider(graph, state, topScope, from)
  }
  for (const entry of graph.entriesOf(null)) consider(graph, state, topScope, entry)
  for (const given of Object.keys(part?.given ?? {})) {
    for (const edge of graph.outgoing(given)) consider(graph, state, topScope, edge.to)
  }
}

/** Puts a changed copy of the event's step in place of the old one, and keeps the counts and candidates true. */
function change(
  state: RunState,
  event: RunEvent,
  patch: Partial<StepState> & { status: StepStatus },
): StepState | null {
  if (event.step === undefined || isTerminal(state.status)) return null
  const id: StepId = event.step
  const before = state.steps.get(id)
  const begins = before === undefined && patch.status !== 'skipped'
  const after: StepState = Object.assign(
    before ? { ...before } : newStep(id, begins ? ++state.orderCount : 0, event.at),
    patch,
  )
  putStep(state, after, after.status === 'running' || isDue(after))
  state.forced.delete(id)
  if (isOpen(after.status) && (state.status === 'waiting' || state.status === 'queued'))
    state.status = 'running'
  return after
}

/** With every field in its place: objects of one shape are copied several times as fast. */
function newStep(id: StepId, order: number, at: string): StepState {
  const { scope, node, round } = parseStepId(id)
  return {
    id,
    node,
    scope,
    round,
    status: 'running',
    order,
    attempt: Math.min(order, 1),
    retries: nothing,
    retryAt: undefined,
    ports: undefined,
    output: undefined,
    error: undefined,
    handled: undefined,
    wait: undefined,
    token: undefined,
    resolutions: nothing,
    heard: 0,
    acts: nothing,
    startedAt: order > 0 ? at : undefined,
    endedAt: undefined,
    durationMs: undefined,
    config: undefined,
  }
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
  if (before && isOpen(before.status)) stopInside(graph, state, before, event.at)
  const startedAt = before?.startedAt
  // What a step that waited measured is its last moment only.
  const isMeasured = patch.durationMs !== undefined && before?.wait === undefined
  const step = change(state, event, {
    ...patch,
    endedAt: event.at,
    retryAt: undefined,
    ...(!isMeasured && startedAt ? { durationMs: Date.parse(event.at) - Date.parse(startedAt) } : {}),
  })
  if (!step) return
  const { scope, node } = step
  if (visible !== undefined) {
    const outputs = state.outputs.get(scope)
    if (outputs) outputs[node] = visible
    else state.outputs.set(scope, { [node]: visible })
  }
  if (step.handled === 'item') return failPass(graph, state, step, event.at)
  for (const edge of graph.outgoing(node)) consider(graph, state, scope, edge.to)
  if (scope !== topScope) endPassIfDone(graph, state, scope, event.at)
}

/** Begins a new round of a step's node and of all nodes after it in the same scope. */
function beginRound(graph: Graph, state: RunState, id: StepId, at: string): void {
  const { scope, node } = parseStepId(id)
  const members = [node, ...graph.downstream(node)]
  for (const member of members) reset(graph, state, scope, member, at)
  // Rounds of an inner jump are counted anew for each round of one around it.
  for (const member of members) if (member !== node) state.jumps.delete(stepIdOf(scope, member, 1))
  const place = stepIdOf(scope, node, 1)
  state.jumps.set(place, (state.jumps.get(place) ?? 0) + 1)
  const target = currentStepId(state, scope, node)
  state.forced.add(target)
  offer(state, scope, target)
}

function end(graph: Graph, state: RunState, status: 'completed' | 'failed' | 'cancelled', at: string): void {
  if (isTerminal(state.status)) return
  state.status = status
  state.endedAt = at
  for (const step of state.steps.values()) if (isOpen(step.status)) cancelStep(graph, state, step, at)
  state.candidates.clear()
  state.atWork.clear()
}
