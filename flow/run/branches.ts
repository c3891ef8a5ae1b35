import type { Graph } from '../graph'
import { currentStepId, edgeStatus } from './readiness'
import type { RunState } from './state'
import type { Scope } from './step-id'

/** Of a node with several ports that are live at once: the nodes that only one of them leads to, by port. */
type Branches = ReadonlyMap<string, ReadonlySet<string>>

const known = new WeakMap<Graph, Map<string, Branches>>()

function branchesOf(graph: Graph, node: string): Branches {
  let byNode = known.get(graph)
  if (!byNode) known.set(graph, (byNode = new Map()))
  const found = byNode.get(node)
  if (found) return found
  const reached = new Map<string, Set<string>>()
  for (const edge of graph.outgoing(node)) {
    const nodes = reached.get(edge.port) ?? new Set<string>()
    reached.set(edge.port, nodes)
    for (const each of [edge.to, ...graph.downstream(edge.to)]) nodes.add(each)
  }
  const branches = new Map<string, ReadonlySet<string>>()
  for (const [port, nodes] of reached) {
    const others = [...reached].filter(([other]) => other !== port)
    branches.set(port, new Set([...nodes].filter((each) => !others.some(([, theirs]) => theirs.has(each)))))
  }
  byNode.set(node, branches)
  return branches
}

/**
 * Holds back the first step of a branch while as many branches of the same parallel are at work as its limit allows.
 * Made anew for each look at the state: `mayBegin` counts the branches that it has let begin.
 */
export function branchGate(graph: Graph, state: RunState): { mayBegin(scope: Scope, node: string): boolean } {
  const begun = new Map<string, Set<string>>()

  function atWork(scope: Scope, parallel: string, branches: Branches): Set<string> {
    const key = currentStepId(state, scope, parallel)
    const found = begun.get(key)
    if (found) return found
    const ports = new Set<string>()
    for (const [port, nodes] of branches) {
      const steps = [...nodes].map((each) => state.steps.get(currentStepId(state, scope, each)))
      const isBegun = steps.some((step) => step !== undefined && step.status !== 'skipped')
      const isOver = steps.every((step) => step?.ports !== undefined)
      if (isBegun && !isOver) ports.add(port)
    }
    begun.set(key, ports)
    return ports
  }

  return {
    mayBegin(scope, node) {
      for (const edge of graph.incoming(node)) {
        const limit = limitOf(graph, edge.from)
        if (limit === undefined || edgeStatus(state, scope, edge) !== 'live') continue
        const branches = branchesOf(graph, edge.from)
        if (!branches.get(edge.port)?.has(node)) continue
        const ports = atWork(scope, edge.from, branches)
        if (!ports.has(edge.port) && ports.size >= limit) return false
        ports.add(edge.port)
      }
      return true
    },
  }
}

function limitOf(graph: Graph, id: string): number | undefined {
  const node = graph.node(id)
  return node && graph.definition(id)?.branchLimit?.(node.config)
}
