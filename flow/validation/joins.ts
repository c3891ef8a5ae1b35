import type { Graph } from '../graph'
import { portsOf } from '../kind'
import type { Problem } from '../problem'
import { nameOf } from './reach'

/**
 * Joins by count that can never have enough live lines. (`all` and `any` can always fire: a dead line counts as
 * decided.) Sound, not complete: each choice is looked at by itself, and only what is certain is reported.
 */
export function joinProblems(graph: Graph): Problem[] {
  return graph.document.nodes.flatMap((node, index): Problem[] => {
    if (typeof node.join !== 'object') return []
    const { count } = node.join
    const incoming = graph.incoming(node.id)
    const path = ['nodes', index, 'join']
    const report = (message: string): Problem[] => [
      { code: 'join_never_fires', severity: 'error', node: node.id, path, message },
    ]
    const name = nameOf(graph, node.id)
    if (count > incoming.length) {
      return report(
        `${name} waits for ${count} lines, but only ${incoming.length} lead to it. Lower the number or connect more.`,
      )
    }
    for (const choice of choicesBefore(graph, node.id)) {
      const most = Math.max(
        ...choice.ways.map((reached) => incoming.filter((edge) => reached(edge.from, edge.port)).length),
      )
      if (most < count) {
        return report(
          `${name} waits for ${count} lines, but ${choice.name} goes only one way, so at most ${most} of them can come. Lower the number.`,
        )
      }
    }
    return []
  })
}

/** A place where a run goes one of several ways; each way tells which lines it leaves possible. */
interface Choice {
  name: string
  ways: ((from: string, port: string) => boolean)[]
}

function choicesBefore(graph: Graph, id: string): Choice[] {
  const choices: Choice[] = []
  const triggers = graph.triggers().filter((trigger) => graph.downstream(trigger.id).has(id))
  if (triggers.length > 1) {
    choices.push({
      name: 'a run',
      ways: triggers.map((trigger) => {
        const reached = graph.downstream(trigger.id)
        return (from: string) => from === trigger.id || reached.has(from)
      }),
    })
  }
  for (const before of graph.upstream(id)) {
    const node = graph.node(before)
    const definition = graph.definition(before)
    if (!node || !definition || definition.branchLimit) continue
    const ports = portsOf(definition, node)
    if (ports.length < 2) continue
    const around = reachedWithout(graph, before)
    choices.push({
      name: nameOf(graph, before),
      ways: ports.map(({ name }) => {
        const reached = new Set(around)
        for (const edge of graph.outgoing(before)) {
          if (edge.port !== name) continue
          reached.add(edge.to)
          for (const each of graph.downstream(edge.to)) reached.add(each)
        }
        return (from: string, port: string) => (from === before ? port === name : reached.has(from))
      }),
    })
  }
  return choices
}

/** What the triggers lead to by ways that do not go through a node. */
function reachedWithout(graph: Graph, without: string): Set<string> {
  const reached = new Set<string>()
  const queue: string[] = graph.triggers().map((trigger) => trigger.id)
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (reached.has(at) || at === without) continue
    reached.add(at)
    for (const edge of graph.outgoing(at)) queue.push(edge.to)
  }
  return reached
}
