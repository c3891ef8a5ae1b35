import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('the branches are collected by id, a single one too', async () => {
  const both = await perform('join', {}, { inputs: { a: 1, b: [2] } })
  expect(doneOf(both.outcome)).toEqual({ port: 'done', output: { a: 1, b: [2] } })
  const one = await perform('join', {}, { input: 1, inputs: { a: 1 } })
  expect(doneOf(one.outcome).output).toEqual({ a: 1 })
})
