import { expect, test } from 'vitest'
import type { SentEvent } from '../step'
import { doneOf, perform } from '../testing/perform'

test.each([
  [{ name: 'paid' }, { name: 'paid', data: { order: 7 } }],
  [
    { name: 'paid', key: '${input.order}', data: { a: '${input.order}' } },
    { name: 'paid', key: '7', data: { a: 7 } },
  ],
  [
    { name: 'paid', key: '', data: null },
    { name: 'paid', data: null },
  ],
])('%j sends %j, with the key of the step', async (config, expected) => {
  const sent: SentEvent[] = []
  const sendEvent = async (event: SentEvent) => {
    sent.push(event)
    return { delivered: 2 }
  }
  const { outcome } = await perform('send_event', config, { input: { order: 7 }, services: { sendEvent } })
  expect(doneOf(outcome)).toEqual({ port: 'done', output: { delivered: 2 } })
  expect(sent).toEqual([{ ...expected, dedupeKey: 'run:step:1' }])
})
