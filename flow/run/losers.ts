import type { Graph } from '../graph'
import { currentStepId, readiness } from './readiness'
import type { RunState } from './state'
import type { Scope, StepId } from './step-id'

interface Races {
  /** By join: the nodes whose every way leads to it. */
  losers: ReadonlyMap<string, ReadonlySet<string>>
  /** By node: the joins that may cancel it. */
  joins: ReadonlyMap<string, readonly string[]>
}

const known = new WeakMap<Graph, Races>()
const none: ReadonlySet<string> = new Set()

function racesOf(graph: Graph): Races {
  const found = known.get(graph)
  if (found) return found
  const losers = new Map<string, ReadonlySet<string>>()
  const joins = new Map<string, string[]>()
  for (const node of graph.document.nodes) {
    if (!graph.definition(node.id)?.cancelsLosers?.(node.config)) continue
    const members = only(graph, node.id)
    losers.set(node.id, members)
    for (const member of members) joins.set(member, [...(joins.get(member) ?? []), node.id])
  }
  const races = { losers, joins }
  known.set(graph, races)
  return races
}

/** Nodes before a join that lead to nothing else. */
function only(graph: Graph, join: string): ReadonlySet<string> {
  const members = new Set<string>()
  const left = new Map<string, number>()
  const queue = [join]
  for (const at of queue) {
    for (const { from } of graph.incoming(at)) {
      const count = (left.get(from) ?? graph.outgoing(from).length) - 1
      left.set(from, count)
      if (count > 0 || members.has(from) || from === join) continue
      members.add(from)
      queue.push(from)
    }
  }
  return members
}

/** Whether any join of the flow cancels what it does not need. */
export function hasRaces(graph: Graph): boolean {
  return racesOf(graph).losers.size > 0
}

/** What a join that has enough makes needless, when it says so. */
export function losersOf(graph: Graph, join: string): ReadonlySet<string> {
  return racesOf(graph).losers.get(join) ?? none
}

/** The step of the join that makes a node needless because it goes on without it; null when there is none. */
export function winnerOver(graph: Graph, state: RunState, scope: Scope, node: string): StepId | null {
  for (const join of racesOf(graph).joins.get(node) ?? []) {
    const id = currentStepId(state, scope, join)
    const step = state.steps.get(id)
    const hasFired = step ? step.status !== 'skipped' : readiness(graph, state, scope, join) === 'ready'
    if (hasFired) return id
  }
  return null
}
