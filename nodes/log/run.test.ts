import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('the message is logged at its level, and the input goes on', async () => {
  const { outcome, logs } = await perform('log', { message: 'Got ${input}', level: 'warn' }, { input: 7 })
  expect(logs).toEqual(['warn Got 7'])
  expect(doneOf(outcome).output).toBe(7)
})

test('without a level it is information', async () => {
  expect((await perform('log', { message: 'hi' })).logs).toEqual(['info hi'])
})
