import type { Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { sumUsageOfRun } from '@/db/model-calls'
import { graphOf } from '@/flow/graph'
import type { Json } from '@/flow/json'
import type { Usage } from '@/flow/kind'
import type { Steering } from '@/flow/kind'
import type { StepErrorData, StepStatus } from '@/flow/run/event'
import { replay } from '@/flow/run/replay'
import { inputOf } from '@/flow/run/root'
import { kinds } from '@/nodes/definitions'
import { readRun, type RunView } from './read'

interface StepReport {
  /** Such as `assess`, `ask#2`, `each_customer[3]/email`. */
  step: string
  node: string
  kind: string
  status: StepStatus
  round: number
  attempts: number
  input: Json
  output: Json
  error: StepErrorData | null
  startedAt: string | null
  endedAt: string | null
  durationMs: number | null
  /** Of its last attempt. */
  usage: Usage | null
}

export interface RunReport extends Omit<RunView, 'document'> {
  steps: StepReport[]
  /** How its end steers the talk that it is part of. */
  steering: Steering | null
  /** Of all attempts, and of the runs that it started. `cost` in US dollars, but for `unpriced` calls. */
  usage: {
    calls: number
    inputTokens: number
    outputTokens: number
    totalTokens: number
    cost: number
    unpriced: number
  }
}

/** A run with its steps, in the order in which the history first names them. Throws NotFoundError. */
export async function reportRun(db: Database, workspaceId: string, id: string): Promise<RunReport> {
  const { document, ...run } = await readRun(db, workspaceId, id)
  const [events, { whole: usage }] = await Promise.all([
    listEvents(db, workspaceId, id),
    sumUsageOfRun(db, workspaceId, run.id),
  ])
  const graph = graphOf(document, kinds)
  const state = replay(graph, events)
  const steps = [...state.steps.values()].map((step): StepReport => ({
    step: step.id,
    node: step.node,
    kind: graph.node(step.node)?.kind ?? 'unknown',
    status: step.status,
    round: step.round,
    attempts: step.attempt,
    input: step.status === 'skipped' ? null : inputOf(graph, state, step.id).input,
    output: step.output ?? null,
    error: step.error ?? null,
    startedAt: step.startedAt ?? null,
    endedAt: step.endedAt ?? null,
    durationMs: step.durationMs ?? null,
    usage: step.usage ?? null,
  }))
  const totalTokens = usage.inputTokens + usage.outputTokens
  return { ...run, steps, steering: state.steering ?? null, usage: { ...usage, totalTokens } }
}
