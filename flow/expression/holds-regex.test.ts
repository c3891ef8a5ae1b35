import { expect, test } from 'vitest'
import { documentSchema } from '../document'
import { testKinds } from '../fixtures/kinds'
import { holdsRegex } from './holds-regex'

function flowWith(config: object, kind = 'condition') {
  return documentSchema.parse({ millrace: 1, id: 'f', nodes: [{ id: 'n', kind, config }], edges: [] })
}

test('a flow whose steps divide, or name an address, holds no regular expression', () => {
  expect(holdsRegex(flowWith({ expression: 'input.a / input.b' }), testKinds)).toBe(false)
  expect(holdsRegex(flowWith({ text: 'https://x/${input.id}/y' }, 'step'), testKinds)).toBe(false)
  expect(holdsRegex(flowWith({ expression: '"/not one/"' }), testKinds)).toBe(false)
})

test('one is found in an expression and in a template', () => {
  expect(holdsRegex(flowWith({ expression: '$match(input.a, /b+/)' }), testKinds)).toBe(true)
  expect(holdsRegex(flowWith({ text: 'is ${$contains(input.a, /b/i)}' }, 'step'), testKinds)).toBe(true)
})

test('one is found among the settings', () => {
  const head = { millrace: 1, id: 'f', nodes: [], edges: [] }
  const keyed = documentSchema.parse({
    ...head,
    settings: { concurrency: { limit: 1, key: '$match(input.a, /b/)' } },
  })
  expect(holdsRegex(keyed, testKinds)).toBe(true)
  expect(holdsRegex(documentSchema.parse(head), testKinds)).toBe(false)
})

test('an unknown kind holds none', () => {
  expect(holdsRegex(flowWith({ expression: '/a/' }, 'of_tomorrow'), testKinds)).toBe(false)
})
