import type { FlowDocument } from '@/flow/document'
import { evaluateExpression } from '@/flow/expression/evaluate'
import { graphOf } from '@/flow/graph'
import type { Json } from '@/flow/json'
import type { Resolution, RunCall, Wait } from '@/flow/kind'
import { retryPolicyOf } from '@/flow/retry'
import type { EventData, NewEvent, RunEvent } from '@/flow/run/event'
import { eventOf, isDecision, next, type Action } from '@/flow/run/next'
import { fold, startState } from '@/flow/run/replay'
import { visibleOutputs } from '@/flow/run/root'
import { settleError, settleOutcome } from '@/flow/run/settle'
import type { RunState } from '@/flow/run/state'
import { parseStepId, type StepId } from '@/flow/run/step-id'
import { actsOf } from '@/server/runtime/acts'
import { Flight } from '@/server/runtime/flight'
import { errorOf, performStep } from '@/server/runtime/perform'
import { kinds } from '../definitions'
import { runs } from '../runs'
import type { Services } from '../step'
import { absentServices } from './absent-services'
import { noon } from './perform'

type StepAction = Extract<Action, { step: string; attempt: number }>

export interface FlowRun {
  trigger: Json
  /** The trigger node; by default the first of the flow. */
  node?: string
  /** Answers by node; who is asked and has none here lets the deadline pass. */
  answers?: Record<string, Json>
  /** What the awaited events bring, by node. */
  events?: Record<string, Json>
  services: Partial<Services>
  /** Flows that may be called, by id. */
  flows?: Record<string, FlowDocument>
  /** Which of the things that can happen now happens; by default the first. */
  choose?: (count: number) => number
}

/** Runs a flow in memory with the real kinds, calls and spread items included. */
export async function runFlow(document: FlowDocument, options: FlowRun): Promise<RunState> {
  return (await recordFlow(document, options)).state
}

/** The same with its history: the events of each thing that happened are one batch, which is stored whole or not at all. */
async function recordFlow(
  document: FlowDocument,
  options: FlowRun,
  started: Partial<EventData<'run_started'>> = {},
): Promise<{ state: RunState; batches: RunEvent[][] }> {
  const graph = graphOf(document, kinds)
  const state = startState()
  const batches: RunEvent[][] = []
  /** What will end the waits of steps. */
  const coming = new Map<string, { step: StepId; resolve: () => Promise<Resolution> | Resolution }>()
  const given = new Set<StepId>()
  const node = options.node ?? graph.triggers()[0]?.id ?? ''
  const about = { flow: document.id, version: null, number: 1, cause: 'manual', state: document.state }
  append([{ type: 'run_started', data: { ...about, node, trigger: options.trigger, ...started } }])
  for (let count = 0; count < 5_000; count++) {
    for (const [key, { step }] of coming) if (state.steps.get(step)?.status !== 'waiting') coming.delete(key)
    const actions = next(graph, state)
    const [action, arrival] = choice(actions, [...coming])
    if (action) await (isDecision(action) ? append([eventOf(action)]) : perform(action))
    else if (arrival) {
      const [key, { step, resolve }] = arrival
      coming.delete(key)
      append([arrived(step, await resolve())])
    } else return { state, batches }
  }
  throw new Error('The flow does not end.')

  function choice<T>(actions: Action[], arrivals: T[]): [Action | undefined, T | undefined] {
    const count = actions.length + arrivals.length
    const chosen = count === 0 ? 0 : (options.choose?.(count) ?? 0)
    return [actions[chosen], arrivals[chosen - actions.length]]
  }

  function append(added: NewEvent[]): void {
    const batch = added.map((event): RunEvent => {
      const seq = state.lastSeq + 1
      const numbered: RunEvent = { ...event, seq, at: new Date(noon + seq).toISOString() }
      fold(graph, state, numbered)
      return numbered
    })
    batches.push(batch)
    for (const { type, step, data } of batch) {
      if (type !== 'step_waiting' || step === undefined || data.wait.for === 'body') continue
      const { wait } = data
      if (wait.for === 'runs') callAll(step, wait.calls)
      else coming.set(step, { step, resolve: () => ending(step, wait) })
    }
  }

  async function perform(action: StepAction): Promise<void> {
    const { step, attempt } = action
    const flight = new Flight(true)
    try {
      const { outcome, instead } = await performStep({
        runId: 'test',
        graph,
        state,
        action,
        around: {
          runs,
          services: { ...absentServices, ...options.services },
          vars: {},
          secret: (name) => Promise.resolve(`secret ${name}`),
          evaluate: evaluateExpression,
        },
        nowMs: noon,
        flight,
        emit: { text: () => undefined, log: () => undefined },
        acts: (stepKey) =>
          actsOf(
            {
              step,
              flight,
              recorded: () => state.steps.get(step)?.acts ?? [],
              emit: (event) => append([event]),
              stored: () => Promise.resolve(),
              countTokens: () => undefined,
            },
            stepKey,
          ),
        beforeEffect: (config) => {
          append([{ type: 'step_started', step, data: { attempt, config } }])
          return Promise.resolve()
        },
      })
      append(settleOutcome(graph, state, { step, attempt, ...(instead ? { instead } : {}) }, outcome))
    } catch (thrown) {
      const { retryAfterMs: _, ...error } = errorOf(thrown)
      const failed = graph.node(action.node)
      if (!failed || error.code === 'unexpected') throw thrown
      const policy = retryPolicyOf(failed, document.settings)
      append(settleError(graph, state, { step, attempt }, error, { policy, nowMs: noon, random: 0.5 }))
    }
  }

  function ending(step: StepId, wait: Wait): Resolution {
    const at = new Date(noon).toISOString()
    const { node: id } = parseStepId(step)
    const [answer, data] = [options.answers?.[id], options.events?.[id]]
    const isSecond = given.has(step)
    given.add(step)
    if (wait.for === 'answer' && answer !== undefined && !isSecond)
      return { by: 'answer', at, answer, person: 'owner@example.com' }
    if (wait.for === 'event' && data !== undefined) return { by: 'event', at, data }
    if (wait.for === 'timer') return { by: 'timer', at }
    return { by: 'deadline', at: 'deadline' in wait && wait.deadline !== undefined ? wait.deadline : at }
  }

  /** Each call that has not ended ends by itself, in any order. */
  function callAll(step: StepId, calls: readonly RunCall[]): void {
    calls.forEach((call, index) => {
      coming.set(`${step} ${index}`, { step, resolve: () => ended(step, call, index) })
    })
  }

  async function ended(step: StepId, call: RunCall, index: number): Promise<Resolution> {
    const run = `${step}.${index}`
    const parent = { run: 'test', step, call: index }
    const child =
      'slice' in call
        ? await recordFlow(
            document,
            { ...options, trigger: state.trigger, node },
            {
              parent,
              depth: state.depth,
              state: state.state,
              slice: {
                container: step,
                wait: { for: 'body', ...call.slice },
                steps: visibleOutputs(state, parseStepId(step).scope),
              },
            },
          )
        : await recordFlow(
            called(call.flow),
            { ...options, node: undefined, trigger: call.input },
            { parent, depth: state.depth + 1 },
          )
    const { status, output = null, error } = child.state
    const how = status === 'completed' || status === 'cancelled' ? status : 'failed'
    return {
      by: 'run',
      at: new Date(noon).toISOString(),
      call: index,
      run,
      status: how,
      output,
      ...(error ? { error } : {}),
    }
  }

  function called(id: string): FlowDocument {
    const flow = options.flows?.[id]
    if (!flow) throw new Error(`This test knows no flow ${id}.`)
    return flow
  }
}

function arrived(step: StepId, resolution: Resolution): NewEvent {
  const type = resolution.by === 'answer' ? 'answer_received' : 'event_received'
  return { type, step, data: { resolution } }
}
