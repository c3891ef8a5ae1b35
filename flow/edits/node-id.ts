import { nodeIdSchema, type FlowDocument, type NodeId } from '../document'

/**
 * An id that no node of the document has, made from words: `Assess risk` → `assess_risk`, then `assess_risk_2`, …
 * `taken` are ids promised elsewhere.
 */
export function freshNodeId(document: FlowDocument, name: string, taken?: ReadonlySet<string>): NodeId {
  return firstFree(document, slugOf(name), taken)
}

/** The same for the copy of a node: its own id when that is free, else the next number behind it. */
export function freshCopyId(document: FlowDocument, id: NodeId, taken?: ReadonlySet<string>): NodeId {
  return firstFree(document, id.replace(/(?<=.)_\d+$/, ''), taken)
}

function firstFree(document: FlowDocument, base: string, taken?: ReadonlySet<string>): NodeId {
  const used = new Set<string>(document.nodes.map((node) => node.id))
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base.slice(0, 58)}_${count}`
    if (!used.has(id) && !taken?.has(id)) return nodeIdSchema.parse(id)
  }
}

/** Words as an id: small letters, digits and `_`, beginning with a letter; `step` when nothing is left of them. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .replace(/_+$/, '')
    .slice(0, 64)
  return slug === '' ? 'step' : slug
}
