import { expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { kinds } from '@/nodes/definitions'
import { givenBefore } from './given'

test('what a run is given stands in the order in which it would have come about', () => {
  const document = documentSchema.parse({
    millrace: 1,
    id: 'chain',
    nodes: ['first', 'second', 'third', 'last'].map((id) => ({ id, kind: 'text', sample: id })),
    edges: [
      { from: 'first', port: 'done', to: 'second' },
      { from: 'second', port: 'done', to: 'third' },
      { from: 'third', port: 'done', to: 'last' },
    ],
  })
  const given = givenBefore(graphOf(document, kinds), 'last', new Map(), true)
  expect(Object.keys(given)).toEqual(['first', 'second', 'third'])
})
