import { expect, test } from 'vitest'
import type { Json, JsonObject } from './json'
import { faultsOf, toldFaults } from './json-shape'

const offer = {
  type: 'object',
  properties: {
    discount: { type: 'integer', maximum: 30 },
    kind: { enum: ['gift', 'money'] },
    mail: { type: 'string', format: 'email' },
    'a/b': { type: 'string' },
  },
  required: ['discount'],
  additionalProperties: false,
}
const told = (value: Json, schema: JsonObject = offer) => toldFaults(faultsOf(schema, value), 'the answer')

test.each([
  [{ discount: 5, kind: 'gift', mail: 'ana@example.com' }, ''],
  [{ discount: 50 }, 'discount must be <= 30'],
  [{ discount: '5' }, 'discount must be integer'],
  [{}, "the answer must have required property 'discount'"],
  ['5', 'the answer must be object'],
  [{ discount: 5, kind: 'other' }, 'kind must be one of "gift", "money"'],
  [{ discount: 5, extra: 1 }, "the answer has no field 'extra'"],
  [{ discount: 50, mail: 'nobody' }, 'discount must be <= 30; mail must match format "email"'],
])('of %j it is said: %s', (value, sentence) => {
  expect(told(value)).toBe(sentence)
})

test('a fault tells its place', () => {
  expect(faultsOf(offer, { discount: 50 })).toEqual([
    { path: ['discount'], message: 'must be <= 30', params: { comparison: '<=', limit: 30 } },
  ])
  expect(faultsOf(offer, { discount: 1, 'a/b': 5 })).toMatchObject([{ path: ['a/b'] }])
})

test('a broken schema refuses nothing', () => {
  expect(told('x', { type: 'nonsense' })).toBe('')
  expect(told('x', { type: 'string', pattern: '(' })).toBe('')
})

test('a pattern that backtracks without end is no danger', () => {
  expect(told(`${'a'.repeat(50_000)}!`, { type: 'string', pattern: '^(a+)+$' })).toContain(
    'must match pattern',
  )
})

test('schemas with the same $id do not disturb each other', () => {
  expect(told(5, { $id: 'one', type: 'string' })).toBe('the answer must be string')
  expect(told('x', { $id: 'one', type: 'number' })).toBe('the answer must be number')
})

test('each schema is checked by its own pattern', () => {
  const faults = (pattern: string) => faultsOf({ type: 'string', pattern }, '4321')
  expect(faults('^[a-z]+$')).toHaveLength(1)
  expect(faults('^[0-9]+$')).toEqual([])
})
