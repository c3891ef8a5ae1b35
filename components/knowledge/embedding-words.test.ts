import { expect, test } from 'vitest'
import { embeddingWords } from './embedding-words'

test.each([
  ['off', 0, 0, 'Passages are found by their words alone.'],
  ['ready', 0, 0, 'What is uploaded will be embedded.'],
  ['ready', 1, 1, 'The one passage is embedded.'],
  ['ready', 1_200, 1_200, 'All 1,200 passages are embedded.'],
  ['working', 32, 40, 'Embedding: 32 of 40 passages…'],
  ['failed', 0, 1, '0 of 1 passage embedded.'],
] as const)('%s with %i of %i reads "%s"', (state, embedded, passages, words) => {
  expect(embeddingWords({ state, embedded, passages })).toBe(words)
})
