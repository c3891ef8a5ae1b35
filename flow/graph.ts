import type { FlowDocument, FlowEdge, FlowNode } from './document'
import type { KindDefinition, Kinds } from './kind'

/** A document arranged for questions: every answer is a look-up. Edges to nowhere or across containers are left out. */
export interface Graph {
  document: FlowDocument
  kinds: Kinds
  node(id: string): FlowNode | undefined
  definition(id: string): KindDefinition | undefined
  incoming(id: string): readonly FlowEdge[]
  outgoing(id: string): readonly FlowEdge[]
  /** Ids of the nodes inside a container; null: those at the top. */
  bodyOf(container: string | null): readonly string[]
  /** Of a body: the nodes that no edge leads to. */
  entriesOf(container: string | null): readonly string[]
  /** All nodes that edges lead to from this one, near ones first; itself only in a cycle. */
  downstream(id: string): ReadonlySet<string>
  upstream(id: string): ReadonlySet<string>
  triggers(): readonly FlowNode[]
}

const known = new WeakMap<FlowDocument, WeakMap<Kinds, Graph>>()

/** The graph of a document, made once for each document object. */
export function graphOf(document: FlowDocument, kinds: Kinds): Graph {
  let byKinds = known.get(document)
  if (!byKinds) known.set(document, (byKinds = new WeakMap()))
  let graph = byKinds.get(kinds)
  if (!graph) byKinds.set(kinds, (graph = arrange(document, kinds)))
  return graph
}

const nothing: readonly never[] = []

function arrange(document: FlowDocument, kinds: Kinds): Graph {
  const nodes = new Map<string, FlowNode>()
  const bodies = new Map<string | null, string[]>()
  for (const node of document.nodes) {
    if (nodes.has(node.id)) continue
    nodes.set(node.id, node)
    push(bodies, node.parent ?? null, node.id)
  }
  const incoming = new Map<string, FlowEdge[]>()
  const outgoing = new Map<string, FlowEdge[]>()
  for (const edge of document.edges) {
    const from = nodes.get(edge.from)
    const to = nodes.get(edge.to)
    if (!from || !to || from.parent !== to.parent) continue
    push(outgoing, edge.from, edge)
    push(incoming, edge.to, edge)
  }
  const entries = new Map<string | null, string[]>()
  for (const [container, body] of bodies) {
    entries.set(
      container,
      body.filter((id) => !incoming.has(id)),
    )
  }
  const reach = (edges: Map<string, FlowEdge[]>, far: (edge: FlowEdge) => string) => {
    const reached = new Map<string, ReadonlySet<string>>()
    return (id: string): ReadonlySet<string> => {
      const found = reached.get(id)
      if (found) return found
      const seen = new Set<string>()
      const queue = [id]
      for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
        for (const edge of edges.get(at) ?? nothing) {
          if (seen.has(far(edge))) continue
          seen.add(far(edge))
          queue.push(far(edge))
        }
      }
      reached.set(id, seen)
      return seen
    }
  }
  return {
    document,
    kinds,
    node: (id) => nodes.get(id),
    definition: (id) => kinds.get(nodes.get(id)?.kind ?? ''),
    incoming: (id) => incoming.get(id) ?? nothing,
    outgoing: (id) => outgoing.get(id) ?? nothing,
    bodyOf: (container) => bodies.get(container) ?? nothing,
    entriesOf: (container) => entries.get(container) ?? nothing,
    downstream: reach(outgoing, (edge) => edge.to),
    upstream: reach(incoming, (edge) => edge.from),
    triggers: () => document.nodes.filter((node) => kinds.get(node.kind)?.trigger),
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
