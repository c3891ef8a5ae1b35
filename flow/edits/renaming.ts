import { z } from 'zod'
import type { FlowDocument, FlowEdge, FlowNode, NodeId } from '../document'
import { mapExpressions } from '../expression/fields'
import { renameStep } from '../expression/references'
import type { JsonObject } from '../json'
import type { KindDefinition, Kinds } from '../kind'
import { targetsOf } from '../target'

/** New ids by old ones. No new id may be an old one of another: references are rewritten one id after the other. */
type Ids = ReadonlyMap<NodeId, NodeId>

/** Gives a node another id; edges, insides and expressions that mean it follow. Does nothing when the id is taken. */
export function renamed(document: FlowDocument, from: NodeId, to: NodeId, kinds: Kinds): FlowDocument {
  const ids = new Set(document.nodes.map((node) => node.id))
  if (!ids.has(from) || ids.has(to)) return document
  const change: Ids = new Map([[from, to]])
  return {
    ...document,
    nodes: document.nodes.map((node) => withIds(node, change, kinds)),
    edges: document.edges.map((edge) => edgeWithIds(edge, change)),
  }
}

/** The node with other ids wherever it means them. The same object when it means none. */
export function withIds(node: FlowNode, ids: Ids, kinds: Kinds): FlowNode {
  if (ids.size === 0) return node
  const definition = kinds.get(node.kind) ?? unknownDefinition
  const rewritten = mapExpressions(withTargets(node, definition, ids), definition, (source) => {
    let text = source
    for (const [from, to] of ids) if (source.includes(from)) text = renameStep(text, from, to)
    return text
  })
  const id = ids.get(node.id)
  const parent = node.parent && ids.get(node.parent)
  return id || parent ? { ...rewritten, ...(id ? { id } : {}), ...(parent ? { parent } : {}) } : rewritten
}

export function edgeWithIds(edge: FlowEdge, ids: Ids): FlowEdge {
  const from = ids.get(edge.from)
  const to = ids.get(edge.to)
  return from || to ? { ...edge, from: from ?? edge.from, to: to ?? edge.to } : edge
}

/** Of a kind that is not known here only `output` and `assign` can be read. */
const unknownDefinition: Pick<KindDefinition, 'config'> = { config: z.record(z.string(), z.json()) }

function withTargets(node: FlowNode, definition: Pick<KindDefinition, 'config'>, ids: Ids): FlowNode {
  const changed: JsonObject = {}
  for (const { key, id } of targetsOf(node, definition))
    for (const [from, to] of ids) if (id === from) changed[key] = to
  return Object.keys(changed).length === 0 ? node : { ...node, config: { ...node.config, ...changed } }
}
