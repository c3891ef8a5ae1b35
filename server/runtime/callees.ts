import type { NewCall } from '@/db/append'
import { ConflictError, NotFoundError } from '@/db/errors'
import type { Slot } from '@/db/slots'
import { uuidFor } from '@/db/uuid'
import type { Evaluate } from '@/flow/expression/evaluate'
import type { Json, JsonObject } from '@/flow/json'
import { StepError, type Resolution, type RunCall, type RunsWait, type Slice } from '@/flow/kind'
import { runLimits, type EventData } from '@/flow/run/event'
import { visibleOutputs } from '@/flow/run/root'
import type { RunState } from '@/flow/run/state'
import { parseStepId, type StepId } from '@/flow/run/step-id'
import { RequestError } from '../request-error'
import { checkInput } from '../runs/input'
import type { Journal } from './journal'
import { admitJob, recallJob, wakeJob } from './run-jobs'
import { slotOf } from './slots'
import { triggerOf, type Versions } from './versions'

/** What a call leads to, looked up before it is made. */
export type Callee =
  | {
      to: 'flow'
      flow: string
      input: Json
      versionId: string
      version: number | null
      /** The trigger to start at. */
      node: string
      state: JsonObject
      slot: Slot | null
    }
  | { to: 'slice'; slice: Slice }
  /** It led somewhere when the step began to wait, and does not any more. */
  | { to: 'nowhere'; error: { code: string; message: string } }

/** The run that calls. */
export interface Caller {
  readonly id: string
  readonly workspaceId: string
  readonly versionId: string
  readonly priority: number
  readonly state: RunState
}

/** Throws StepError: `call_too_deep`, `flow_missing`, `invalid_flow`, `invalid_input`, … */
export type Callees = (caller: Caller, wait: RunsWait) => Promise<Callee[]>

export function createCallees(parts: { versions: Versions; evaluate: Evaluate }): Callees {
  const { versions, evaluate } = parts

  async function find(caller: Caller, call: RunCall): Promise<Callee> {
    if ('slice' in call) return { to: 'slice', slice: call.slice }
    const { flow, input } = call
    if (caller.state.depth >= runLimits.callsDeep) throw tooDeep(flow)
    const version = await versions.forStart(caller.workspaceId, flow, call.version ?? 'live')
    checkInput(version.document, input)
    return {
      to: 'flow',
      flow,
      input,
      versionId: version.id,
      version: version.number,
      node: triggerOf(version, undefined),
      state: version.document.state,
      slot: await slotOf(version.document, input, evaluate),
    }
  }

  return async (caller, wait) => {
    try {
      return await Promise.all(wait.calls.map((call) => find(caller, call)))
    } catch (error) {
      throw asStepError(error)
    }
  }
}

function tooDeep(flow: string): StepError {
  return new StepError(
    'call_too_deep',
    `${runLimits.callsDeep} flows have called each other to get here, and no more may: ${flow} is not started. Look for a flow that calls itself without end.`,
  )
}

function asStepError(error: unknown): unknown {
  if (error instanceof NotFoundError) return new StepError('flow_missing', error.message, { cause: error })
  if (error instanceof RequestError || error instanceof ConflictError)
    return new StepError(error.code, error.message, { cause: error })
  return error
}

/** Has the run for a call started, or gone on with, together with what the journal holds. */
export function makeCall(
  journal: Journal,
  caller: Caller,
  step: StepId,
  { call, firstAtMs, isAgain }: { call: number; firstAtMs: number; isAgain: boolean },
  callee: Exclude<Callee, { to: 'nowhere' }>,
): void {
  const made = newCall(caller, { step, call, firstAtMs }, callee)
  const { id: run, versionId, slot, priority } = made
  const { workspaceId } = caller
  journal.call(made)
  if (isAgain) {
    const version = callee.to === 'slice' ? caller.state.version : callee.version
    journal.addJob(recallJob({ workspaceId, run, versionId, version, slot }, priority))
  } else if (slot) journal.addJob(admitJob({ workspaceId, flowId: made.flowId, key: slot.key }))
  else journal.addJob(wakeJob(run, priority))
}

/** How a call ends that leads nowhere. */
export function neverMade(
  caller: Caller,
  step: StepId,
  call: number,
  error: { code: string; message: string },
  at: string,
): Resolution {
  const run = idOf(caller, { step, call, firstAtMs: Date.parse(at) })
  return { by: 'run', at, call, run, status: 'failed', output: null, error }
}

/** The same call of a step has the same id, whoever makes it. */
function idOf(
  caller: Caller,
  { step, call, firstAtMs }: { step: StepId; call: number; firstAtMs: number },
): string {
  return uuidFor(firstAtMs, `${caller.id} ${step} ${call}`)
}

function newCall(
  caller: Caller,
  { step, call, firstAtMs }: { step: StepId; call: number; firstAtMs: number },
  callee: Exclude<Callee, { to: 'nowhere' }>,
): NewCall {
  const { state } = caller
  const common = {
    ...(state.user === undefined ? {} : { user: state.user }),
    ...(state.thread === undefined ? {} : { thread: state.thread }),
    parent: { run: caller.id, step, call },
  }
  const data =
    callee.to === 'slice'
      ? { ...common, ...sliceStart(state, step, callee.slice) }
      : { ...common, ...flowStart(state, callee) }
  return {
    id: idOf(caller, { step, call, firstAtMs }),
    flowId: data.flow,
    versionId: callee.to === 'slice' ? caller.versionId : callee.versionId,
    number: callee.to === 'slice' ? state.number : null,
    cause: data.cause,
    inputText: JSON.stringify(callee.to === 'slice' ? null : callee.input),
    startText: JSON.stringify(data),
    step,
    call,
    person: state.user ?? null,
    thread: state.thread ?? null,
    priority: caller.priority,
    slot: callee.to === 'slice' ? null : callee.slot,
  }
}

/** It sees what its container sees, and does what would be done there. */
function sliceStart(state: RunState, step: StepId, slice: Slice) {
  return {
    flow: state.flow,
    version: state.version,
    number: state.number,
    node: state.triggerNode,
    cause: 'slice',
    trigger: state.trigger,
    state: state.state,
    samples: state.samples,
    mocks: state.mocks,
    depth: state.depth,
    slice: {
      container: step,
      wait: { for: 'body', ...slice },
      steps: visibleOutputs(state, parseStepId(step).scope),
    },
  } as const satisfies EventData<'run_started'>
}

function flowStart(state: RunState, callee: Extract<Callee, { to: 'flow' }>) {
  return {
    flow: callee.flow,
    version: callee.version,
    // The database gives it, together with the row.
    number: 0,
    node: callee.node,
    cause: 'call',
    trigger: callee.input,
    state: callee.state,
    depth: state.depth + 1,
  } as const satisfies EventData<'run_started'>
}
