import type { FlowEdge, FlowNode } from '../document'
import type { Graph } from '../graph'
import type { Problem } from '../problem'
import { isShaped } from './nodes'
import { nameOf } from './names'
import { portNamesOf } from './ports'

/**
 * Joins by count that can never have enough live lines. (`all` and `any` can always fire when they are reached at all:
 * a dead line counts as decided.) Sound, not complete: only what is certain is reported.
 */
export function joinProblems(graph: Graph): Problem[] {
  return graph.document.nodes.flatMap((node, index): Problem[] => {
    const isTheNode = graph.node(node.id) === node
    if (!isTheNode || typeof node.join !== 'object' || !isShaped(node, graph)) return []
    const message = whyNever(graph, node, node.join.count)
    if (message === null) return []
    const path = ['nodes', index, 'join']
    return [{ code: 'join_never_fires', severity: 'error', node: node.id, path, message }]
  })
}

function whyNever(graph: Graph, node: FlowNode, count: number): string | null {
  const name = nameOf(graph, node.id)
  const incoming = graph.incoming(node.id)
  if (count > incoming.length)
    return `${name} waits for ${count} lines, but only ${incoming.length} lead to it. Lower the number or connect more.`
  const needs = needsBefore(graph, node.id)
  const most = mostTogether(incoming.map((edge) => needsOf(graph, needs, edge)))
  if (most.size >= count) return null
  const choices = [...most.between].map((id) => (id === whichTrigger ? 'a run' : nameOf(graph, id)))
  const reason = `${choices.join(' and ')} ${choices.length === 1 ? 'goes' : 'go'} only one way at a time`
  return `${name} waits for ${count} lines, but ${reason}, so at most ${most.size} of them can come. Lower the number.`
}

/** What must have been chosen for a node to run or a line to be live: by node with several exclusive ways out, its port. */
type Needs = ReadonlyMap<string, string>

/** A run is started by one trigger and no other. */
const whichTrigger = ''
const nothing: Needs = new Map()

/** Needs of every node before one, itself left out. A node has those that all lines into it have in common. */
function needsBefore(graph: Graph, id: string): Map<string, Needs> {
  const before = graph.upstream(id)
  const needs = new Map<string, Needs>()
  const left = new Map([...before].map((each) => [each, graph.incoming(each).length]))
  const order = [...before].filter((each) => left.get(each) === 0)
  for (const each of order) {
    const lines = graph.incoming(each).map((edge) => needsOf(graph, needs, edge))
    const isTrigger = graph.definition(each)?.trigger
    needs.set(each, isTrigger ? new Map([[whichTrigger, each]]) : common(lines))
    for (const { to } of graph.outgoing(each)) {
      const count = (left.get(to) ?? 0) - 1
      left.set(to, count)
      if (count === 0 && before.has(to)) order.push(to)
    }
  }
  return needs
}

function needsOf(graph: Graph, needs: ReadonlyMap<string, Needs>, edge: FlowEdge): Needs {
  const before = needs.get(edge.from) ?? nothing
  return isChoice(graph, edge.from) ? new Map([...before, [edge.from, edge.port]]) : before
}

/** Whether exactly one of the node's ways out is taken. Kinds that take several at once say how many by `branchLimit`. */
function isChoice(graph: Graph, id: string): boolean {
  const node = graph.node(id)
  const definition = graph.definition(id)
  if (!node || !definition || definition.branchLimit) return false
  return (portNamesOf(definition, node)?.length ?? 0) > 1
}

function common(all: readonly Needs[]): Needs {
  const [first = nothing, ...rest] = all
  if (rest.length === 0) return first
  return new Map([...first].filter(([choice, port]) => rest.every((needs) => needs.get(choice) === port)))
}

/** Of more lines than this no best choice is searched for: they are taken to be able to come together. */
const mostLines = 40
const mostSteps = 50_000

/**
 * How many lines can be live at once, and the choices that keep others away: the largest set of which no two need
 * different ports of one node. Gives up, saying all, where the search would be long.
 */
function mostTogether(lines: readonly Needs[]): { size: number; between: ReadonlySet<string> } {
  const between = new Set<string>()
  const apart = lines.map((one) => lines.map((other) => conflict(one, other)))
  for (const row of apart) for (const choice of row) if (choice !== null) between.add(choice)
  if (between.size === 0 || lines.length > mostLines) return { size: lines.length, between }
  let steps = 0
  let best = 0
  const search = (candidates: readonly number[], size: number): void => {
    if (++steps > mostSteps || size + candidates.length <= best) return
    best = Math.max(best, size)
    const [first, ...rest] = candidates
    if (first === undefined) return
    search(
      rest.filter((other) => apart[first]?.[other] === null),
      size + 1,
    )
    search(rest, size)
  }
  search(
    lines.map((_, index) => index),
    0,
  )
  return { size: steps > mostSteps ? lines.length : best, between }
}

function conflict(one: Needs, other: Needs): string | null {
  for (const [choice, port] of one) {
    const theirs = other.get(choice)
    if (theirs !== undefined && theirs !== port) return choice
  }
  return null
}
