import type { FlowNode } from '@/flow/document'
import type { Graph } from '@/flow/graph'
import type { Json } from '@/flow/json'
import { outermost } from '@/flow/run/part'
import type { StepState } from '@/flow/run/state'
import { topScope } from '@/flow/run/step-id'

export type Given = Record<string, { port: string | string[]; output: Json }>

/**
 * What a run that begins at a node is given: of every step before it the recorded result, with `samples` its pinned
 * output first. Steps that have neither are left out.
 */
export function givenBefore(
  graph: Graph,
  node: string,
  steps: ReadonlyMap<string, readonly StepState[]>,
  samples: boolean,
): Given {
  const given: Given = {}
  // The nearest come first of these, and a run tells its steps in the order in which they came about.
  for (const id of [...graph.upstream(outermost(graph, node) ?? node)].reverse()) {
    const pinned = samples ? pinnedOf(graph, id) : null
    const recorded = steps.get(id)?.findLast((step) => step.scope === topScope && step.status === 'completed')
    if (pinned) given[id] = pinned
    else if (recorded?.ports) given[id] = { port: [...recorded.ports], output: recorded.output ?? null }
  }
  return given
}

function pinnedOf(graph: Graph, id: string): Given[string] | null {
  const node: FlowNode | undefined = graph.node(id)
  const port = node && graph.definition(id)?.ports(node.config)[0]?.name
  const sample = node?.sample
  return port !== undefined && sample !== undefined && sample !== null ? { port, output: sample } : null
}
