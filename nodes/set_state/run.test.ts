import { expect, test } from 'vitest'
import { perform } from '../testing/perform'

test('values are remembered with their types, and the input goes on', async () => {
  const { outcome } = await perform(
    'set_state',
    { values: { total: '${input.total}', note: 'sum ${input.total}', fixed: [1] } },
    { input: { total: 5 } },
  )
  expect(outcome).toEqual({
    type: 'done',
    port: 'done',
    output: { total: 5 },
    state: { total: 5, note: 'sum 5', fixed: [1] },
  })
})
