import { expect, test } from 'vitest'
import { doneOf, perform } from '../testing/perform'

test('the message that began the run is the output', async () => {
  const trigger = { message: 'Hello', thread: 't', user: null }
  expect(doneOf((await perform('chat', {}, { trigger })).outcome)).toEqual({ port: 'done', output: trigger })
})
