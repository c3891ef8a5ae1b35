import { createFlow } from '@/db/flows'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { absentServices } from '@/nodes/testing/absent-services'
import type { LentServices } from '@/nodes/step'
import type { BenchDatabase } from './database'

export type NodeInput = NonNullable<FlowDocumentInput['nodes']>[number]

/** Stores a flow of these nodes, each after the one before it unless `edges` say otherwise. Gives its id. */
export async function storeFlow(
  { db, workspaceId }: BenchDatabase,
  id: string,
  nodes: NodeInput[],
  edges?: FlowDocumentInput['edges'],
): Promise<string> {
  const all: NodeInput[] = [{ id: 'start', kind: 'start' }, ...nodes]
  const chain = nodes.map((node, index) => ({ from: all[index]?.id ?? 'start', to: node.id }))
  const document = documentSchema.parse({ millrace: 1, id, name: id, nodes: all, edges: edges ?? chain })
  await createFlow(db, workspaceId, document)
  return id
}

export function effect(id: string): NodeInput {
  return { id, kind: 'http_request', config: { method: 'PUT', url: `http://receiver.test/${id}` } }
}

/** Effects that take no time of their own: what is left is ours. */
export function instantServices(
  onHttp: (url: string, key: string) => Promise<void> | void = () => {},
): LentServices {
  const headers = { 'content-type': 'application/json' }
  const body = new TextEncoder().encode('{"ok":true}')
  return {
    ...absentServices,
    async http({ url, headers: sent }) {
      await onHttp(url, sent['idempotency-key'] ?? '')
      return { status: 200, headers, body }
    },
  }
}
