import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test.each([
  ['input.total > 100', { total: 101 }, 'true'],
  ['input.total > 100', { total: 100 }, 'false'],
  ['input.items', { items: [] }, 'false'],
  ['input.items', { items: ['a'] }, 'true'],
  ['input.name', { name: '' }, 'false'],
  ['input.name', { name: 'false' }, 'true'],
  ['input.items[price > 9]', { items: [{ price: 1 }] }, 'false'],
])('%s of %j goes on by %s and passes its input on', async (expression, input, port) => {
  const { outcome } = await perform('condition', { expression }, { input })
  expect(doneOf(outcome)).toEqual({ port, output: input })
})

test('a question about something that is not there fails', async () => {
  await expect(
    perform('condition', { expression: 'input.missing = 1' }, { input: {} }),
  ).rejects.toMatchObject({
    code: 'reference_missing',
  })
})
