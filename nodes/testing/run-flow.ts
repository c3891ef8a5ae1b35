import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { Wait } from '@/flow/kind'
import type { NewEvent } from '@/flow/run/event'
import { eventOf, isDecision, next, type Action } from '@/flow/run/next'
import { fold, startState } from '@/flow/run/replay'
import { inputOf, rootOf } from '@/flow/run/root'
import { settleOutcome } from '@/flow/run/settle'
import type { RunState } from '@/flow/run/state'
import { kinds, type KindName } from '../definitions'
import { runs } from '../runs'
import type { Services } from '../step'
import { noon, perform, resume, type Given } from './perform'

type StepAction = Extract<Action, { step: string; attempt: number }>

/** Runs a flow in memory with the real kinds: each wait is ended by its timer, or by the answer given for its node. */
export async function runFlow(
  document: FlowDocument,
  options: { trigger: Json; node?: string; answers?: Record<string, Json>; services: Partial<Services> },
): Promise<RunState> {
  const graph = graphOf(document, kinds)
  const state = startState()
  const append = (added: NewEvent[]) => {
    for (const event of added) {
      const seq = state.lastSeq + 1
      fold(graph, state, { ...event, seq, at: new Date(noon + seq).toISOString() })
    }
  }
  const node = options.node ?? graph.triggers()[0]?.id ?? ''
  const started = { flow: document.id, version: null, number: 1, cause: 'manual' }
  append([
    { type: 'run_started', data: { ...started, node, trigger: options.trigger, state: document.state } },
  ])
  for (let count = 0; count < 1_000; count++) {
    const action = next(graph, state)[0]
    if (!action) return state
    if (isDecision(action)) append([eventOf(action)])
    else append(await eventsFor(action))
  }
  throw new Error('The flow does not end.')

  async function eventsFor(action: StepAction): Promise<NewEvent[]> {
    const { kind, config } = graph.node(action.node) ?? { kind: '', config: {} }
    if (!isKind(kind)) throw new Error(`There is no kind ${kind}.`)
    const outcome = await outcomeOf(action, kind, config)
    const settled = settleOutcome(graph, state, { step: action.step, attempt: action.attempt }, outcome)
    return outcome.type === 'wait' ? [...settled, ending(action, outcome.wait)] : settled
  }

  function outcomeOf(action: StepAction, kind: KindName, config: JsonObject) {
    const root = rootOf(graph, state, action.step, { runId: 'test', vars: {} })
    const { input, inputs } = inputOf(graph, state, action.step)
    const steps = isObject(root.steps) ? root.steps : {}
    const given: Given = {
      input,
      inputs,
      trigger: state.trigger,
      state: state.state,
      steps,
      root,
      services: options.services,
    }
    const step = state.steps.get(action.step)
    return action.do === 'resume' && step?.wait
      ? resume(kind, config, step.wait, [...step.resolutions], given)
      : perform(kind, config, given).then(({ outcome }) => outcome)
  }

  function ending(action: StepAction, wait: Wait): NewEvent {
    const at = new Date(noon).toISOString()
    const answer = options.answers?.[action.node]
    if (wait.for === 'answer' && answer !== undefined) {
      const data = { resolution: { by: 'answer' as const, at, answer, person: 'owner@example.com' } }
      return { type: 'answer_received', step: action.step, data }
    }
    const by = wait.for === 'timer' ? ('timer' as const) : ('deadline' as const)
    return { type: 'event_received', step: action.step, data: { resolution: { by, at } } }
  }
}

function isKind(kind: string): kind is KindName {
  return Object.hasOwn(runs, kind)
}
