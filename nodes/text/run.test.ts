import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test.each([
  ['Dear ${input.name},', 'Dear Ana,'],
  ['${input.count}', '2'],
  ['${input}', '{"name":"Ana","count":2}'],
  ['costs $${5}', 'costs ${5}'],
  ['', ''],
])('%s becomes %s, always a text', async (text, output) => {
  const { outcome } = await perform('text', { text }, { input: { name: 'Ana', count: 2 } })
  expect(doneOf(outcome).output).toBe(output)
})
