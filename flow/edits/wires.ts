import {
  documentLimits,
  edgeKey,
  nodeOf,
  type EdgeKey,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
} from '../document'
import { errorPort, portsOf, type KindDefinition, type Kinds } from '../kind'
import { isObject } from '../json'

/** Adds the edges that are not there yet and whose ends are. */
export function withEdges(document: FlowDocument, added: readonly FlowEdge[]): FlowDocument {
  const known = new Set(document.edges.map(edgeKey))
  const ids = new Set<string>(document.nodes.map((node) => node.id))
  const fresh = added.filter((edge) => {
    const key = edgeKey(edge)
    if (known.has(key) || !ids.has(edge.from) || !ids.has(edge.to)) return false
    known.add(key)
    return true
  })
  const isTooMany = document.edges.length + fresh.length > documentLimits.edges
  return fresh.length === 0 || isTooMany ? document : { ...document, edges: [...document.edges, ...fresh] }
}

/** Puts a node into the middle of an edge; one that ends the run takes the edge's end, one that starts it no place. */
export function spliced(
  document: FlowDocument,
  id: FlowNode['id'],
  { edge: key, port }: { edge: EdgeKey; port: string },
  kinds: Kinds,
): FlowDocument {
  const node = nodeOf(document, id)
  const edge = document.edges.find((each) => edgeKey(each) === key)
  const definition = kinds.get(node?.kind ?? '')
  if (!node || !edge || edge.from === id || edge.to === id || definition?.trigger) return document
  const without = { ...document, edges: document.edges.filter((each) => each !== edge) }
  return withEdges(without, [
    { from: edge.from, port: edge.port, to: id },
    ...(definition?.terminal ? [] : [{ from: id, port, to: edge.to }]),
  ])
}

export function reconnected(document: FlowDocument, key: EdgeKey, to: FlowEdge): FlowDocument {
  const ids = new Set<string>(document.nodes.map((node) => node.id))
  const isThere = document.edges.some((edge) => edgeKey(edge) === key)
  if (!isThere || key === edgeKey(to) || !ids.has(to.from) || !ids.has(to.to)) return document
  const others = document.edges.filter((edge) => edgeKey(edge) !== edgeKey(to))
  return { ...document, edges: others.map((edge) => (edgeKey(edge) === key ? to : edge)) }
}

/** For each edge into what goes away: edges from its source to whatever came after, errors aside. */
export function healing(document: FlowDocument, gone: ReadonlySet<string>): FlowEdge[] {
  const outgoing = new Map<string, FlowEdge[]>()
  for (const edge of document.edges) {
    if (!gone.has(edge.from) || edge.port === errorPort.name) continue
    const list = outgoing.get(edge.from)
    if (list) list.push(edge)
    else outgoing.set(edge.from, [edge])
  }
  const parents = new Map(document.nodes.map((node): [string, string | undefined] => [node.id, node.parent]))
  return document.edges.flatMap((edge) => {
    if (gone.has(edge.from) || !gone.has(edge.to)) return []
    const ends: FlowEdge[] = []
    const seen = new Set<string>([edge.to])
    for (const at of seen) {
      for (const { to } of outgoing.get(at) ?? []) {
        if (gone.has(to)) seen.add(to)
        else if (to !== edge.from && parents.get(to) === parents.get(edge.from)) ends.push({ ...edge, to })
      }
    }
    return ends
  })
}

/**
 * The document with a changed node in it. A node may get other ports by a change: edges follow a port that was renamed,
 * letter by letter while its name is typed and through the moment when it is empty; they go with a port that was
 * removed. Lists of the same lengths as before say that an entry was changed, other lengths that one came or went.
 */
export function withChangedNode(
  document: FlowDocument,
  before: FlowNode,
  after: FlowNode,
  kinds: Kinds,
): FlowDocument {
  if (before === after) return document
  const changed = { ...document, nodes: document.nodes.map((node) => (node === before ? after : node)) }
  const definition = kinds.get(after.kind)
  const used = new Set(document.edges.filter((edge) => edge.from === after.id).map((edge) => edge.port))
  if (!definition || used.size === 0) return changed
  const old = portNames(kinds.get(before.kind), before)
  const now = portNames(definition, after)
  const gone = old.filter((port) => !now.includes(port))
  const isSameKind = before.kind === after.kind
  if (isSameKind && before.onError === after.onError && haveSameLengths(before.config, after.config)) {
    const loose = new Set([...gone, ...[...used].filter((port) => !now.includes(port))])
    const [from, ...others] = loose
    const [to, ...more] = now.filter((port) => !old.includes(port))
    if (from === undefined || to === undefined || others.length + more.length > 0) return changed
    return withPorts(changed, after, new Map([[from, to]]))
  }
  // Another kind: its main way out takes over from the old kind's, whatever the two are called.
  const [oldMain] = old
  const [main] = now
  const isCarried = !isSameKind && oldMain !== undefined && main !== undefined && gone.includes(oldMain)
  return withPorts(
    changed,
    after,
    new Map(gone.map((port) => [port, isCarried && port === oldMain ? main : null])),
  )
}

/** Edges of a node by other ports; null takes the edge away. */
function withPorts(
  document: FlowDocument,
  node: FlowNode,
  ports: ReadonlyMap<string, string | null>,
): FlowDocument {
  const known = new Set(document.edges.map(edgeKey))
  const edges = document.edges.flatMap((edge) => {
    const port = edge.from === node.id ? ports.get(edge.port) : undefined
    if (port === undefined) return [edge]
    if (port === null || known.has(edgeKey({ ...edge, port }))) return []
    return [{ ...edge, port }]
  })
  return { ...document, edges }
}

function portNames(definition: KindDefinition | undefined, node: FlowNode): string[] {
  return definition ? portsOf(definition, node).map((port) => port.name) : []
}

function haveSameLengths(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => haveSameLengths(item, other[index]))
  if (isObject(one) && isObject(other))
    return Object.keys(one).every((key) => haveSameLengths(one[key], other[key]))
  return Array.isArray(one) === Array.isArray(other)
}
