import type { AssistantFlow } from '@/db/assistants'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'

/** A flow of an assistant, switched on and published, that answers with what it was given. */
export function switched(
  document: Omit<FlowDocumentInput, 'millrace'>,
  how: Partial<Omit<AssistantFlow, 'flow' | 'document'>> = {},
): AssistantFlow {
  const nodes = [
    { id: 'start', kind: 'start' },
    { id: 'end', kind: 'complete' },
  ]
  const edges = [{ from: 'start', to: 'end' }]
  return {
    flow: document.id,
    active: true,
    userKinds: [],
    version: 1,
    ...how,
    document: documentSchema.parse({ millrace: 1, nodes, edges, ...document }),
  }
}
