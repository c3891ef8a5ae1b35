import { edgeKey, type FlowEdge } from '../document'
import type { Graph } from '../graph'
import { portsOf } from '../kind'
import type { Problem } from '../problem'
import { nameOf } from './reach'

/** Lines to or from nowhere, by ports that are not there, into triggers, across containers, twice the same. */
export function edgeProblems(graph: Graph): Problem[] {
  const seen = new Set<string>()
  return graph.document.edges.flatMap((edge, index): Problem[] => {
    const path = ['edges', index]
    const problem = (
      code: string,
      message: string,
      node: string,
      severity: Problem['severity'] = 'error',
    ) => [{ code, severity, node, path, message }]
    const isTwice = seen.has(edgeKey(edge))
    seen.add(edgeKey(edge))
    const from = graph.node(edge.from)
    const to = graph.node(edge.to)
    if (!from || !to) {
      const missing = from ? edge.to : edge.from
      const there = from ? edge.from : edge.to
      return problem(
        'edge_to_nowhere',
        `A line names the step ${missing}, which is not there. Delete the line.`,
        there,
      )
    }
    if (isTwice)
      return problem('duplicate_edge', 'Two lines are the same. Delete one of them.', edge.from, 'warning')
    if (from.parent !== to.parent) {
      const message = `The line from ${nameOf(graph, edge.from)} to ${nameOf(graph, edge.to)} crosses the border of a container. Keep it inside or outside.`
      return problem('edge_crosses_container', message, edge.from)
    }
    return [...portProblems(graph, edge, problem), ...triggerProblems(graph, edge, problem)]
  })
}

type Report = (code: string, message: string, node: string) => Problem[]

function portProblems(graph: Graph, edge: FlowEdge, problem: Report): Problem[] {
  const node = graph.node(edge.from)
  const definition = graph.definition(edge.from)
  if (!node || !definition) return []
  const ports = portsOf(definition, node).map((port) => port.name)
  if (ports.includes(edge.port)) return []
  const name = nameOf(graph, edge.from)
  if (edge.port === 'error') {
    const message = `A line leaves ${name} on errors, but errors are not routed. Set If it fails to Route, or delete the line.`
    return problem('error_port_off', message, edge.from)
  }
  if (definition.terminal) {
    return problem(
      'unknown_port',
      `${name} ends the run, so nothing can follow it. Delete the line.`,
      edge.from,
    )
  }
  const message = `${name} has no way out named ${edge.port}; it has ${ports.join(', ')}. Move the line to one of them.`
  return problem('unknown_port', message, edge.from)
}

function triggerProblems(graph: Graph, edge: FlowEdge, problem: Report): Problem[] {
  if (!graph.definition(edge.to)?.trigger) return []
  const message = `${nameOf(graph, edge.to)} is a trigger: it starts a run, so nothing can lead to it. Delete the line.`
  return problem('edge_into_trigger', message, edge.to)
}
