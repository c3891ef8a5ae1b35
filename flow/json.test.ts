import { expect, test } from 'vitest'
import { isTooDeep, jsonLevels, type Json } from './json'

function nested(levels: number): Json {
  let value: Json = 1
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value }
  return value
}

test('as many levels as allowed are not too deep, one more is', () => {
  expect(isTooDeep(nested(jsonLevels))).toBe(false)
  expect(isTooDeep(nested(jsonLevels + 1))).toBe(true)
})

test('a hundred thousand levels are told without recursion', () => {
  expect(isTooDeep(nested(100_000))).toBe(true)
})

test.each([null, 1, 'text', [], {}, [[1], { a: null }]])('%j is flat enough', (value) => {
  expect(isTooDeep(value)).toBe(false)
})
