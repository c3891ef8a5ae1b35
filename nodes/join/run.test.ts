import { expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

test('the branches are collected by id, a single one too', async () => {
  const both = await perform('join', {}, { inputs: { a: 1, b: [2] } })
  expect(doneOf(both.outcome)).toEqual({ port: 'done', output: { a: 1, b: [2] } })
  const one = await perform('join', {}, { input: 1, inputs: { a: 1 } })
  expect(doneOf(one.outcome).output).toEqual({ a: 1 })
})

test('says that there is nothing to cancel when it waits for all', () => {
  const document = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [
      { id: 'all', kind: 'join' },
      { id: 'any', kind: 'join', join: 'any' },
    ],
  })
  const codes = document.nodes.map(
    (node) => definition.check?.({ cancelLosers: true }, node, document).length,
  )
  expect(codes).toEqual([1, 0])
})
