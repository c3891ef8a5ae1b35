import { expect, test } from 'vitest'
import { perform } from '../testing/perform'

test('the run ends as failed with code and message', async () => {
  const { outcome } = await perform(
    'fail',
    { code: 'out_of_stock', message: 'Only ${input} left' },
    { input: 2 },
  )
  expect(outcome).toMatchObject({
    type: 'end',
    status: 'failed',
    error: { code: 'out_of_stock', message: 'Only 2 left' },
  })
})

test('without a message the code speaks', async () => {
  const { outcome } = await perform('fail', { code: 'broken', message: '' })
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('broken') } })
})
