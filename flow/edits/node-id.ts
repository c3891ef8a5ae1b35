import { nodeIdSchema, type FlowDocument, type NodeId } from '../document'

/**
 * An id that no node of the document has, made from words: `Assess risk` → `assess_risk`, then `assess_risk_2`, …
 * `taken` are ids promised elsewhere.
 */
export function freshNodeId(
  document: FlowDocument,
  name: string,
  taken: ReadonlySet<string> = new Set(),
): NodeId {
  const used = new Set<string>(document.nodes.map((node) => node.id))
  const base = slugOf(name)
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base.slice(0, 60)}_${count}`
    if (!used.has(id) && !taken.has(id)) return nodeIdSchema.parse(id)
  }
}

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
