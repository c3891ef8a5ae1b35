import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('the value of the expression is the output', async () => {
  const { outcome } = await perform(
    'transform',
    { expression: '{ "total": $sum(input.lines.price), "who": trigger.name, "seen": state.seen }' },
    { input: { lines: [{ price: 2 }, { price: 3 }] }, trigger: { name: 'Ana' }, state: { seen: true } },
  )
  expect(doneOf(outcome)).toEqual({ port: 'done', output: { total: 5, who: 'Ana', seen: true } })
})

test('an expression that fails fails the step', async () => {
  await expect(perform('transform', { expression: '$error("no")' })).rejects.toMatchObject({
    code: 'expression_failed',
  })
})
