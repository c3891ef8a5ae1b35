import type { Graph } from '../graph'
import type { RunPart } from './event'
import { putStep } from './places'
import type { RunState } from './state'
import { stepIdOf, topScope } from './step-id'

/** The nodes at the top that a run about a part of its flow is about. Those inside a container count as the container. */
export function membersOf(graph: Graph, part: RunPart): ReadonlySet<string> {
  const given = part.given ?? {}
  const { from, until } = { from: outermost(graph, part.from), until: outermost(graph, part.until) }
  const after =
    from === undefined ? graph.bodyOf(null) : [from, ...(from === until ? [] : graph.downstream(from))]
  if (until === undefined) return new Set(after)
  const needed = new Set([until])
  for (const node of needed) {
    // What is given needs nothing, and what the run begins with is forced.
    if (Object.hasOwn(given, node) || node === from) continue
    for (const edge of graph.incoming(node)) needed.add(edge.from)
  }
  return new Set(after.filter((node) => needed.has(node)))
}

/** Puts the given nodes in their places, completed without having run. */
export function putGiven(graph: Graph, state: RunState, part: RunPart): void {
  for (const [node, { port, output }] of Object.entries(part.given ?? {})) {
    if (graph.node(node) === undefined || graph.node(node)?.parent !== undefined) continue
    const step = {
      id: stepIdOf(topScope, node, 1),
      node,
      scope: topScope,
      round: 1,
      status: 'completed' as const,
      order: 0,
      attempt: 0,
      retries: [],
      resolutions: [],
      heard: 0,
      acts: [],
      ports: [port].flat(),
      output,
      instead: 'given' as const,
    }
    putStep(state, step, false)
    const outputs = state.outputs.get(topScope)
    if (outputs) outputs[node] = output
    else state.outputs.set(topScope, { [node]: output })
  }
}

/** The node at the top that a node is, or is inside of. */
export function outermost(graph: Graph, id: string | undefined): string | undefined {
  const seen = new Set<string>()
  let at = id
  for (
    let parent = at && graph.node(at)?.parent;
    parent && !seen.has(parent);
    parent = graph.node(parent)?.parent
  ) {
    seen.add(parent)
    at = parent
  }
  return at
}
