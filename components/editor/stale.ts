import type { Staleness } from '@/components/canvas/canvas-store'
import type { FlowDocument, FlowEdge, FlowNode } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Kinds } from '@/flow/kind'

/**
 * Which results of a run no longer belong to the drawing: of nodes whose settings or lines changed since, and of all that
 * follows these. `ran`: the version that ran; `has`: whether the run has a result of a node.
 */
export function staleNodes(
  ran: FlowDocument,
  drawn: FlowDocument,
  has: (node: string) => boolean,
  kinds: Kinds,
): ReadonlyMap<string, Staleness> {
  const stale = new Map<string, Staleness>()
  if (ran === drawn) return stale
  const graph = graphOf(drawn, kinds)
  const before = new Map<string, FlowNode>(ran.nodes.map((node) => [node.id, node]))
  const oldLines = linesInto(ran.edges)
  const lines = linesInto(drawn.edges)
  const changed = drawn.nodes.filter((node) => {
    const old = before.get(node.id)
    return !old || settingsOf(old) !== settingsOf(node) || oldLines.get(node.id) !== lines.get(node.id)
  })
  for (const { id } of changed) if (has(id)) stale.set(id, 'changed')
  for (const { id } of changed) {
    const around = aroundOf(drawn, id)
    for (const place of [id, ...around]) {
      for (const after of [...(place === id ? [] : [place]), ...graph.downstream(place)])
        if (has(after) && !stale.has(after)) stale.set(after, 'after')
    }
  }
  return stale
}

/** What decides about a step's result; where it stands and what it is called does not. */
function settingsOf(node: FlowNode): string {
  const { kind, config, join, output, assign, disabled, parent, onError } = node
  return JSON.stringify([kind, config, join, output, assign, disabled ?? false, parent, onError ?? 'fail'])
}

function linesInto(edges: readonly FlowEdge[]): Map<string, string> {
  const lists = new Map<string, string[]>()
  for (const { from, port, to } of edges) lists.set(to, [...(lists.get(to) ?? []), `${from}:${port}`])
  return new Map([...lists].map(([to, list]) => [to, list.sort().join()]))
}

/** The containers around a node, inner ones first. */
function aroundOf(document: FlowDocument, id: string): string[] {
  const parents = new Map<string, string | undefined>(document.nodes.map((node) => [node.id, node.parent]))
  const around: string[] = []
  for (let at = parents.get(id); at !== undefined && !around.includes(at); at = parents.get(at))
    around.push(at)
  return around
}
