import { expect, test } from 'vitest'
import { costWords, knownCostWords, tokenWords, usageWords } from './usage-words'

test.each([
  [0, '$0'],
  [0.0000001, 'less than $0.000001'],
  [0.0000925, '$0.000093'],
  [0.0042, '$0.0042'],
  [0.5, '$0.5'],
  [1.2, '$1.20'],
  [1234.567, '$1,234.57'],
])('%d dollars are %s', (cost, words) => {
  expect(costWords(cost)).toBe(words)
})

test.each([
  [7, '7'],
  [9_999, '9,999'],
  [12_345, '12.3K'],
])('%d tokens are %s', (tokens, words) => {
  expect(tokenWords(tokens)).toBe(words)
})

test('what nobody knows is said', () => {
  expect(knownCostWords({ calls: 2, cost: 0, unpriced: 2 })).toBe('not known')
  expect(knownCostWords({ calls: 2, cost: 0.5, unpriced: 1 })).toBe('$0.5 and 1 unpriced')
  expect(knownCostWords({ calls: 2, cost: 0, unpriced: 0 })).toBe('$0')
})

test('a use is told by its cost, or by its tokens while it is free or unpriced', () => {
  const tokens = { inputTokens: 1_000, outputTokens: 204 }
  expect(usageWords({ ...tokens, cost: 0.0042 })).toBe('$0.0042')
  expect(usageWords({ ...tokens, cost: 0 })).toBe('1,204 tokens')
  expect(usageWords(tokens)).toBe('1,204 tokens')
})
