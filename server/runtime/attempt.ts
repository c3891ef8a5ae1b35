import type { Graph } from '@/flow/graph'
import type { JsonObject } from '@/flow/json'
import { effectOf, StepError, type Effect, type Outcome } from '@/flow/kind'
import { retryPolicyOf } from '@/flow/retry'
import { actsCarried } from '@/flow/run/acts'
import type { EventData, NewEvent } from '@/flow/run/event'
import { settleError, settleOutcome, type Attempt } from '@/flow/run/settle'
import type { RunState } from '@/flow/run/state'
import type { StepId } from '@/flow/run/step-id'
import { isSameJson } from '../same-json'
import { actsOf } from './acts'
import type { Callee } from './callees'
import type { Flight } from './flight'
import { newToken } from './journal'
import type { LiveRun } from './live-run'
import { onceBack } from './once-back'
import { errorOf, performStep, type StepAction } from './perform'

interface Reports {
  /** An effect is about to begin: comes back when that is stored. */
  begun(data: EventData<'step_started'>): Promise<void>
  /** Adds to the history what a step does on its way. */
  emit(event: NewEvent): void
  /** Comes back when all that has happened is stored. */
  stored(): Promise<void>
  countTokens(tokens: number): void
  /** It is about to wait for runs; this is what they are. */
  willCall(callees: Callee[]): void
}

/** Performs one attempt of a step, and gives the events that its end means; none when it was aborted. Never throws. */
export async function attemptStep(
  run: LiveRun,
  action: StepAction,
  flight: Flight,
  reports: Reports,
): Promise<NewEvent[]> {
  const { step, attempt } = action
  const { clock, hub, log } = run.surroundings
  const begunAt = performance.now()
  let isEffect = false
  const measured = (): Attempt => ({
    step,
    attempt,
    // The events' own times tell how long an effect took.
    ...(isEffect ? {} : { tookUs: Math.round((performance.now() - begunAt) * 1_000) }),
  })
  try {
    const perform = async () =>
      performStep({
        runId: run.id,
        graph: run.graph,
        state: run.state,
        action,
        around: await run.surroundings.around(run.workspaceId),
        nowMs: clock.nowMs(),
        flight,
        emit: {
          text: (chunk) => hub.tell(run.id, { kind: 'text', step, chunk }),
          log: (level, message) => log[level]({ run: run.id, step }, message),
        },
        acts: (stepKey) =>
          actsOf(
            { step, flight, ...reports, recorded: () => run.state.steps.get(step)?.acts ?? [] },
            stepKey,
          ),
        beforeEffect: (config) => {
          isEffect = true
          const goesOn = action.do === 'perform' ? goesOnFrom(run.state, step, config) : undefined
          return reports.begun({ attempt, config, ...(goesOn === undefined ? {} : { goesOn }) })
        },
      })
    const isOnce = () => isEffect && effectIn(run.graph, action.node) === 'once'
    const { outcome, instead, heard } = await onceBack(flight, perform, () => !isOnce())
    // Acts have counted theirs.
    if (outcome.type === 'done' && outcome.usage && !run.state.steps.get(step)?.acts.length) {
      reports.countTokens(outcome.usage.inputTokens + outcome.usage.outputTokens)
    }
    const attempted = {
      ...measured(),
      ...(instead ? { instead } : {}),
      ...(heard === undefined ? {} : { heard }),
    }
    const events = settleOutcome(run.graph, run.state, attempted, outcome, tokenFor(run, step, outcome))
    for (const { type, data } of events) {
      if (type !== 'step_waiting' || data.wait.for !== 'runs') continue
      const { wait } = data
      reports.willCall(await onceBack(flight, () => run.surroundings.callees(run, wait)))
    }
    return events
  } catch (thrown) {
    if (flight.isAborted) return []
    const { retryAfterMs, ...error } = errorOf(thrown)
    if (error.code === 'unexpected')
      log.warn({ run: run.id, step, err: thrown }, 'A step failed unexpectedly')
    const node = run.graph.node(action.node)
    if (!node) return []
    const events = settleError(run.graph, run.state, measured(), error, {
      policy: retryPolicyOf(node, run.graph.document.settings),
      nowMs: clock.nowMs(),
      random: Math.random(),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
    const usage = thrown instanceof StepError ? thrown.usage : undefined
    if (usage && !run.state.steps.get(step)?.acts.length) {
      reports.countTokens(usage.inputTokens + usage.outputTokens)
      for (const event of events) {
        if (event.type === 'step_failed' || event.type === 'step_retrying') event.data.usage = usage
      }
    }
    return events
  }
}

/** The step that this one does again after the run was continued, when its settings are the same and it had got somewhere. */
function goesOnFrom(state: RunState, step: StepId, config: JsonObject): StepId | undefined {
  const before = state.steps.get(state.goesOn.get(step) ?? '')
  if (!before?.config || actsCarried(before).length === 0) return undefined
  return isSameJson(before.config, config) ? before.id : undefined
}

function effectIn(graph: Graph, id: string): Effect {
  const [node, definition] = [graph.node(id), graph.definition(id)]
  return node && definition ? effectOf(definition, node.config) : 'none'
}

/** A wait that goes on keeps its token: links to it were sent already. */
function tokenFor(run: LiveRun, step: StepId, outcome: Outcome): string | undefined {
  if (outcome.type !== 'wait' || (outcome.wait.for !== 'answer' && outcome.wait.for !== 'event'))
    return undefined
  return run.state.steps.get(step)?.token ?? newToken()
}
