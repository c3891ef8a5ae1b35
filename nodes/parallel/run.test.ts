import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('all branches are taken at once with the same input', async () => {
  const { outcome } = await perform('parallel', { branches: ['record', 'mail'] }, { input: { n: 1 } })
  expect(doneOf(outcome)).toEqual({ port: ['record', 'mail'], output: { n: 1 } })
})
