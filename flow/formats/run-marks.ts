import type { FlowEdge } from '../document'
import type { StepErrorData, StepStatus } from '../run/event'
import type { RunState, StepState } from '../run/state'

/** What a run says of one node: its latest step, and how often it ran over all rounds and items. */
export interface NodeMark {
  status: StepStatus
  /** Place in the order of the run, from 1; 0 when skipped. */
  order: number
  durationMs?: number
  rounds: number
  retries: number
  error?: StepErrorData
}

/** A run arranged by node and edge, for exporters that print a flow with it. */
export interface RunMarks {
  node(id: string): NodeMark | undefined
  isTaken(edge: FlowEdge): boolean
}

/** Of several steps of one node the one to show: what goes on now, then the newest that was not skipped. */
const urgency: Record<StepStatus, number> = {
  running: 3,
  waiting: 2,
  failed: 1,
  completed: 1,
  cancelled: 1,
  skipped: 0,
}

export function runMarksOf(run: RunState): RunMarks {
  const steps = new Map<string, StepState[]>()
  for (const step of run.steps.values()) {
    const group = steps.get(step.node)
    if (group) group.push(step)
    else steps.set(step.node, [step])
  }
  return {
    node(id) {
      const group = steps.get(id) ?? []
      const shown = group.reduce<StepState | undefined>(
        (best, step) => (best && urgency[best.status] > urgency[step.status] ? best : step),
        undefined,
      )
      if (!shown) return undefined
      return {
        status: shown.status,
        order: shown.order,
        ...(shown.durationMs === undefined ? {} : { durationMs: shown.durationMs }),
        rounds: group.filter((step) => step.status !== 'skipped').length,
        retries: Math.max(0, shown.attempt - 1),
        ...(shown.error ? { error: shown.error } : {}),
      }
    },
    isTaken: (edge) => (steps.get(edge.from) ?? []).some((step) => step.ports?.includes(edge.port)),
  }
}

/** `2 rounds`, `1 retry`: how often a node ran, when that is worth a word. */
export function countWords({ rounds, retries }: NodeMark): string[] {
  return [
    ...(rounds > 1 ? [`${rounds} rounds`] : []),
    ...(retries > 0 ? [retries === 1 ? '1 retry' : `${retries} retries`] : []),
  ]
}
