import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('the event that began the run is the output', async () => {
  const trigger = { name: 'order.created', key: null, data: { total: 5 } }
  const { outcome } = await perform('event', { name: 'order.created' }, { trigger })
  expect(doneOf(outcome)).toEqual({ port: 'done', output: trigger })
})
