import { expect, test } from 'vitest'
import type { Resolution, Wait } from '@/flow/kind'
import { perform, resume } from '../testing/perform'

const at = '2026-03-01T13:00:00.000Z'
const wait: Wait = { for: 'event', name: 'paid', deadline: '2026-03-02T12:00:00.000Z' }

test.each([
  [{ name: 'paid' }, { for: 'event', name: 'paid' }],
  [
    { name: ' ${input.what} ', key: '${input.order}' },
    { for: 'event', name: 'paid', key: '7' },
  ],
  [{ name: 'paid', key: '', timeout: 'P1D' }, wait],
])('%j waits for %j', async (config, expected) => {
  const { outcome } = await perform('wait_for_event', config, { input: { what: 'paid', order: 7 } })
  expect(outcome).toEqual({ type: 'wait', wait: expected })
})

test('a name that comes out blank is an error', async () => {
  await expect(
    perform('wait_for_event', { name: '${input.none}' }, { input: { none: ' ' } }),
  ).rejects.toMatchObject({ code: 'config_invalid' })
})

test('goes on with the data of the event, or without when the time is over', async () => {
  const event: Resolution = { by: 'event', at, data: { amount: 5 } }
  const over: Resolution = { by: 'deadline', at }
  const end = (...resolutions: Resolution[]) => resume('wait_for_event', { name: 'paid' }, wait, resolutions)
  const received = { type: 'done', port: 'received', output: { amount: 5 } }
  const timedOut = { type: 'done', port: 'timed_out', output: null }
  expect(await end(event, over)).toEqual(received)
  expect(await end(over, event)).toEqual(timedOut)
  expect(await end()).toEqual({ type: 'wait', wait })
})
