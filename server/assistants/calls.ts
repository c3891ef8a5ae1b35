import { findSteering } from '@/db/endings'
import { getRun, findRunResult } from '@/db/runs'
import { findQuestion } from '@/db/waits'
import type { JsonObject } from '@/flow/json'
import { isTerminal } from '@/flow/run/event'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { inputOfCall, type FlowTool } from '../flows/tools'
import { faultsOf, toldFaults } from '@/flow/json-shape'
import { RequestError } from '../request-error'
import type { RunResult } from '../runtime/run-result'
import { withinMs } from '../within'
import { answerTool, readAnswer } from './answer-tool'
import { parseArguments } from './arguments'
import { mergedAssistant } from './assistants'
import type { Merged } from './merge'
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

/** What a run that an assistant starts is caused by. */
const cause = 'assistant'
/** How often a parked run is looked at for a question. */
const lookMs = 500

/**
 * Runs the flow behind a function of an assistant, and gives its result; `answer_question` goes on with a run that
 * asked something. Throws NotFoundError for the assistant, and RequestError: `function_not_found`, `arguments_invalid`,
 * and what starting and answering a run throws.
 */
export async function callFunction(
  app: Pick<App, 'db' | 'runtime'>,
  caller: Caller,
  assistant: string,
  call: FunctionCall,
  terms: CallTerms,
): Promise<CallResult> {
  const { workspaceId } = caller
  const { merged } = await mergedAssistant(app, workspaceId, assistant, terms.userKind)
  const tool = merged.tools.find(({ name }) => name === call.name)
  if (!tool && call.name === answerTool.name) return giveAnswer(app, caller, merged, call, terms)
  if (!tool) throw noSuchFunction(assistant, call.name, merged.tools)
  const given = parseArguments(call.arguments)
  checkShape(tool, given)
  const version = merged.flows.find(({ document }) => document.id === tool.flow)?.version ?? 'draft'
  const { runId, finished } = await app.runtime.start({
    workspaceId,
    flowId: tool.flow,
    version,
    node: tool.node,
    input: inputOfCall(tool, given),
    cause,
    mode: 'inline',
    user: terms.user ?? caller.user.email,
    thread: terms.thread,
    idempotencyKey: call.callId === undefined ? undefined : `assistant:${assistant}:${call.callId}`,
  })
  const run = await whereItStands(app, workspaceId, { runId, finished }, terms.waitMs)
  return { run: runId, flow: tool.flow, result: resultOf(run) }
}

function checkShape(tool: Pick<FlowTool, 'name' | 'parameters'>, given: JsonObject): void {
  const faults = faultsOf(tool.parameters, given)
  if (faults.length === 0) return
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

/** Only of runs that a model has called, and of questions that are for anyone: approvals stay with people. */
async function giveAnswer(
  app: Pick<App, 'db' | 'runtime'>,
  { workspaceId, user }: Caller,
  merged: Merged,
  call: FunctionCall,
  terms: CallTerms,
): Promise<CallResult> {
  const given = parseArguments(call.arguments)
  checkShape(answerTool, given)
  const { run: runId, step, answer } = readAnswer(given) ?? { run: '', step: '', answer: null }
  const [run, question] = await Promise.all([
    getRun(app.db, workspaceId, runId),
    findQuestion(app.db, workspaceId, runId),
  ])
  const isOurs = run.cause === cause && merged.flows.some(({ document }) => document.id === run.flowId)
  if (!isOurs || !question?.isForAnyone) {
    throw new RequestError(
      409,
      'not_asked',
      `Run ${runId} asks nothing that this assistant may answer. Answer what a function asked with the status "waiting".`,
    )
  }
  await app.runtime.answer({ workspaceId, runId, step, answer, person: terms.user ?? user.email })
  const goneOn = await whereItStands(app, workspaceId, { runId }, terms.waitMs)
  return { run: runId, flow: run.flowId, result: resultOf(goneOn) }
}

/** The run when it has ended, asks something, or the time is up. */
async function whereItStands(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  workspaceId: string,
  { runId, finished }: { runId: string; finished?: Promise<RunResult> },
  waitMs: number,
): Promise<CalledRun> {
  const endsAt = performance.now() + waitMs
  if (finished) await withinMs(finished, waitMs)
  for (;;) {
    const leftMs = endsAt - performance.now()
    const question = await findQuestion(db, workspaceId, runId)
    const found = await (question || leftMs <= 0
      ? findRunResult(db, runId)
      : runtime.waitForEnd(runId, Math.min(leftMs, lookMs)))
    if (!found) throw new Error(`The run ${runId} of a call is gone.`)
    const { status, output, error } = found
    const run = { id: runId, status, output, error, steering: null, question: null }
    if (isTerminal(status)) return { ...run, steering: await findSteering(db, workspaceId, runId) }
    if (question || leftMs <= 0) return { ...run, question }
  }
}
