import { documentSchema, type FlowDocumentInput } from '@/flow/document'

/** Shorthand: nodes in a row, each led to the next by its `done` port. */
export function flowOf(
  id: string,
  nodes: { id: string; kind: string; config?: object }[],
  rest: object = {},
): FlowDocumentInput {
  const edges = nodes.slice(1).map((node, index) => ({ from: nodes[index]?.id ?? '', to: node.id }))
  return documentSchema.parse({ millrace: 1, id, name: id, nodes, edges, ...rest })
}

/** Doubles a number: `{n: 21}` → `{doubled: 42}`. */
export const doubling = (id: string) =>
  flowOf(id, [
    { id: 'begin', kind: 'start' },
    { id: 'double', kind: 'transform', config: { expression: '{"doubled": trigger.n * 2}' } },
  ])

/** Waits until a person approves; then says who did. */
export const asking = (id: string) =>
  flowOf(
    id,
    [
      { id: 'begin', kind: 'start' },
      { id: 'ask', kind: 'approval', config: { title: 'Go on?' } },
      { id: 'yes', kind: 'transform', config: { expression: '{"by": steps.ask.by}' } },
    ],
    {
      edges: [
        { from: 'begin', to: 'ask' },
        { from: 'ask', port: 'approved', to: 'yes' },
      ],
    },
  )

/** A webhook that answers with what it was sent. */
export const echoing = (id: string, path: string, config: object = {}) =>
  flowOf(id, [
    { id: 'hook', kind: 'webhook', config: { path, ...config } },
    {
      id: 'reply',
      kind: 'complete',
      config: { output: { got: '${trigger.body}', query: '${trigger.query}' }, httpStatus: 201 },
    },
  ])
