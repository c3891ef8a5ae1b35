import { expect, test } from 'vitest'
import type { JsonObject } from '@/flow/json'
import { nodeSchema, documentSchema } from '@/flow/document'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

const cases = [
  { port: 'urgent', when: 'input.priority = "high"' },
  { port: 'vip', when: 'input.vip' },
]

test.each<[JsonObject, string]>([
  [{ priority: 'high', vip: true }, 'urgent'],
  [{ priority: 'low', vip: true }, 'vip'],
  [{ priority: 'low', vip: false }, 'default'],
])('%j goes by %s', async (input, port) => {
  const { outcome } = await perform('switch', { cases }, { input })
  expect(doneOf(outcome)).toEqual({ port, output: input })
})

test('cases after the first that is true are not asked', async () => {
  const { outcome } = await perform('switch', {
    cases: [
      { port: 'always', when: 'true' },
      { port: 'broken', when: 'input.nothing.here' },
    ],
  })
  expect(doneOf(outcome).port).toBe('always')
})

test('each case is a port, and otherwise is the last', () => {
  expect(definition.ports({ cases })).toEqual([
    { name: 'urgent', label: 'urgent' },
    { name: 'vip', label: 'vip' },
    { name: 'default', label: 'otherwise' },
  ])
})

test('names that are there twice or mean something else are problems', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'switch' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const config = definition.config.parse({
    cases: ['a', 'a', 'default', 'error'].map((port) => ({ port, when: 'true' })),
  })
  expect(definition.check?.(config, node, document).map(({ code, path }) => [code, path])).toEqual([
    ['port_duplicate', ['cases', 1, 'port']],
    ['port_reserved', ['cases', 2, 'port']],
    ['port_reserved', ['cases', 3, 'port']],
  ])
})
