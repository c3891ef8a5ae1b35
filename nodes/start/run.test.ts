import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('what started the run is the output', async () => {
  const { outcome } = await perform('start', {}, { trigger: { a: 1 } })
  expect(doneOf(outcome)).toEqual({ port: 'done', output: { a: 1 } })
})
