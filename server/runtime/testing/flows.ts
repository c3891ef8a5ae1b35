import { createFlow } from '@/db/flows'
import type { Database } from '@/db/client'
import { documentSchema, type FlowDocument, type FlowDocumentInput } from '@/flow/document'

type NodeInput = NonNullable<FlowDocumentInput['nodes']>[number]

/** A document of these nodes after a start, each following the one before it unless `edges` say otherwise. */
export function flowOf(
  id: string,
  nodes: Omit<NodeInput, 'position'>[],
  more: { edges?: FlowDocumentInput['edges'] } & Partial<Omit<FlowDocumentInput, 'edges' | 'nodes'>> = {},
): FlowDocument {
  const all = [{ id: 'start', kind: 'start' }, ...nodes]
  const chain = nodes.map((node, index) => ({ from: all[index]?.id ?? 'start', to: node.id }))
  return documentSchema.parse({ millrace: 1, id, name: id, ...more, nodes: all, edges: more.edges ?? chain })
}

/** An effect that the ledger sees; `PUT` may be tried again, `POST` may not. */
export function effect(id: string, query = '', method: 'PUT' | 'POST' = 'PUT'): NodeInput {
  return {
    id,
    kind: 'http_request',
    config: { method, url: `http://ledger.test/${id}${query && `?${query}`}` },
  }
}

export function transform(id: string, expression: string): NodeInput {
  return { id, kind: 'transform', config: { expression } }
}

export async function store(db: Database, workspaceId: string, document: FlowDocument): Promise<string> {
  await createFlow(db, workspaceId, document)
  return document.id
}
