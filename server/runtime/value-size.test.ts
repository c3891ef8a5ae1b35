import { expect, test } from 'vitest'
import { exceedsBytes } from './value-size'

test.each([
  ['a text', 'x'.repeat(200)],
  ['a list', Array.from({ length: 100 }, (_, index) => index)],
  ['an object with long names', { ['y'.repeat(200)]: 1 }],
  ['what is nested deep', [[[[{ a: { b: 'z'.repeat(200) } }]]]]],
])('%s above the limit is told from one below', (_, value) => {
  expect(exceedsBytes(value, 100)).toBe(true)
  expect(exceedsBytes(value, 2_000)).toBe(false)
})

test('a limit is no stricter than the JSON text', () => {
  const value = { n: 1, list: [true, null, 'text'], nested: { a: -1.5 } }
  expect(exceedsBytes(value, JSON.stringify(value).length + 24)).toBe(false)
})

test('nesting of any depth is measured', () => {
  let value: unknown[] = []
  for (let depth = 0; depth < 100_000; depth++) value = [value]
  expect(exceedsBytes(value as never, 1_000)).toBe(true)
})
