import { findRunResult } from '@/db/runs'
import { findQuestion } from '@/db/waits'
import type { JsonObject } from '@/flow/json'
import { isTerminal } from '@/flow/run/event'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { inputOfCall, type FlowTool } from '../flows/tools'
import { faultsOf, toldFaults } from '../json-shape'
import { RequestError } from '../request-error'
import type { Started } from '../runtime/start'
import { withinMs } from '../within'
import { mergedAssistant } from './assistants'
import { parseArguments } from './arguments'
import { resultOf, type CalledRun } from './result'

/** A function that a model wants called. */
export interface FunctionCall {
  /** Of an active flow. */
  name: string
  /** An object, or the text of one, as models write it. */
  arguments: JsonObject | string
  /** The model's own name for this call: a second call of the same is the same run. */
  callId?: string
}

/** For whom, and how patiently. */
export interface CallTerms {
  userKind?: string
  /** Of whom the runs are; the caller when not said. */
  user?: string
  thread?: string
  /** Past this the result says that the run goes on. */
  waitMs: number
}

export interface CallResult {
  run: string
  flow: string
  result: JsonObject
}

/** How often a parked run is looked at for a question. */
const lookMs = 500

/**
 * Runs the flow behind a function of an assistant, and gives its result. Throws NotFoundError for the assistant, and
 * RequestError: `function_not_found`, `arguments_invalid`, and what starting a run throws.
 */
export async function callFunction(
  app: Pick<App, 'db' | 'runtime'>,
  caller: Caller,
  assistant: string,
  call: FunctionCall,
  terms: CallTerms,
): Promise<CallResult> {
  const { merged } = await mergedAssistant(app, caller.workspaceId, assistant, terms.userKind)
  const tool = merged.tools.find(({ name }) => name === call.name)
  if (!tool) throw noSuchFunction(assistant, call.name, merged.tools)
  const input = inputOfCall(tool, checked(tool, parseArguments(call.arguments)))
  const version = merged.flows.find(({ document }) => document.id === tool.flow)?.version ?? 'draft'
  const started = await app.runtime.start({
    workspaceId: caller.workspaceId,
    flowId: tool.flow,
    version,
    node: tool.node,
    input,
    cause: 'assistant',
    mode: 'inline',
    user: terms.user ?? caller.user.email,
    thread: terms.thread,
    idempotencyKey: call.callId === undefined ? undefined : `assistant:${assistant}:${call.callId}`,
  })
  const run = await whereItStands(app, caller.workspaceId, started, terms.waitMs)
  return { run: started.runId, flow: tool.flow, result: resultOf(run) }
}

function checked(tool: FlowTool, given: JsonObject): JsonObject {
  const faults = faultsOf(tool.parameters, given)
  if (faults.length === 0) return given
  throw new RequestError(
    422,
    'arguments_invalid',
    `The arguments do not fit ${tool.name}: ${toldFaults(faults, 'they')}.`,
    { details: { faults } },
  )
}

function noSuchFunction(assistant: string, name: string, tools: readonly FlowTool[]): RequestError {
  const offered = tools.map((tool) => tool.name).join(', ')
  const remedy = offered === '' ? 'No flow is on.' : `It offers ${offered}.`
  return new RequestError(
    404,
    'function_not_found',
    `The assistant ${assistant} has no function ${name}. ${remedy} Switch on the flow that you want called.`,
  )
}

/** The run when it has ended, asks something, or the time is up. */
async function whereItStands(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  workspaceId: string,
  { runId, finished }: Started,
  waitMs: number,
): Promise<CalledRun> {
  const endsAt = performance.now() + waitMs
  const soon = finished && (await withinMs(finished, waitMs))
  if (soon && isTerminal(soon.status)) return { id: runId, ...soon, question: null }
  for (;;) {
    const leftMs = endsAt - performance.now()
    const question = await findQuestion(db, workspaceId, runId)
    const found = await (question || leftMs <= 0
      ? findRunResult(db, runId)
      : runtime.waitForEnd(runId, Math.min(leftMs, lookMs)))
    if (!found) throw new Error(`The run ${runId} of a call is gone.`)
    if (isTerminal(found.status)) return { id: runId, ...found, question: null }
    if (question || leftMs <= 0) return { id: runId, ...found, question }
  }
}
