import { edgeKey, type FlowEdge, type FlowNode } from '../document'
import type { Graph } from '../graph'
import { errorPort } from '../kind'
import type { Problem } from '../problem'
import { nameOf } from './names'
import { portNamesOf } from './ports'

/** Lines to or from nowhere, by ports that are not there, into triggers, across containers, to itself, twice the same. */
export function edgeProblems(graph: Graph): Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  graph.document.edges.forEach((edge, index) => {
    const from = graph.node(edge.from)
    const to = graph.node(edge.to)
    const isTwice = seen.has(edgeKey(edge))
    seen.add(edgeKey(edge))
    const report: Report = (code, message, node, severity = 'error') =>
      problems.push({ code, severity, node, path: ['edges', index], message })
    if (!from || !to) return toNowhere(edge, from, report)
    if (isTwice)
      return report('duplicate_edge', 'Two lines are the same. Delete one of them.', edge.from, 'warning')
    if (edge.from === edge.to)
      return report('self_edge', `${nameOf(graph, edge.from)} leads to itself. Delete the line.`, edge.from)
    if (from.parent !== to.parent) {
      return report(
        'edge_crosses_container',
        `The line from ${nameOf(graph, edge.from)} to ${nameOf(graph, edge.to)} crosses the border of a container. Keep it inside or outside.`,
        edge.from,
      )
    }
    checkPort(graph, edge, from, report)
    if (graph.definition(edge.to)?.trigger)
      report(
        'edge_into_trigger',
        `${nameOf(graph, edge.to)} is a trigger: it starts a run, so nothing can lead to it. Delete the line.`,
        edge.to,
      )
  })
  return problems
}

type Report = (code: string, message: string, node: string, severity?: Problem['severity']) => void

function toNowhere(edge: FlowEdge, from: FlowNode | undefined, report: Report): void {
  const [missing, there] = from ? [edge.to, edge.from] : [edge.from, edge.to]
  report('edge_to_nowhere', `A line names the step ${missing}, which is not there. Delete the line.`, there)
}

function checkPort(graph: Graph, edge: FlowEdge, node: FlowNode, report: Report): void {
  const definition = graph.definition(edge.from)
  const ports = definition && portNamesOf(definition, node)
  if (!definition || !ports || ports.includes(edge.port)) return
  const name = nameOf(graph, edge.from)
  if (definition.terminal)
    return report(
      'unknown_port',
      `${name} ends the run, so nothing can follow it. Delete the line.`,
      edge.from,
    )
  if (edge.port === errorPort.name && !definition.trigger)
    return report(
      'error_port_off',
      `A line leaves ${name} on errors, but errors are not routed. Set If it fails to Route, or delete the line.`,
      edge.from,
    )
  report(
    'unknown_port',
    `${name} has no way out named ${edge.port}; it has ${ports.join(', ')}. Move the line to one of them.`,
    edge.from,
  )
}
