import { expect, test } from 'vitest'
import { createTurnstile } from './turnstile'

const { signal } = new AbortController()

test('lets so many in, and the next one when somebody leaves, in order', async () => {
  const turnstile = createTurnstile(2)
  const leaves = [await turnstile.pass(signal), await turnstile.pass(signal)]
  const inside: string[] = []
  const third = turnstile.pass(signal).then((leave) => (inside.push('third'), leave))
  const fourth = turnstile.pass(signal).then((leave) => (inside.push('fourth'), leave))
  expect(inside).toEqual([])
  leaves[0]?.()
  const leave = await third
  expect(inside).toEqual(['third'])
  leave()
  await fourth
  expect(inside).toEqual(['third', 'fourth'])
})

test('leaving twice counts once', async () => {
  const turnstile = createTurnstile(1)
  const leave = await turnstile.pass(signal)
  leave()
  leave()
  await turnstile.pass(signal)
  const aborting = new AbortController()
  const waiting = turnstile.pass(aborting.signal)
  aborting.abort(new Error('cancelled'))
  await expect(waiting).rejects.toThrow('cancelled')
})

test('one that gives up does not take a place', async () => {
  const turnstile = createTurnstile(1)
  const leave = await turnstile.pass(signal)
  const aborting = new AbortController()
  const gone = turnstile.pass(aborting.signal)
  const next = turnstile.pass(signal)
  aborting.abort(new Error('cancelled'))
  await expect(gone).rejects.toThrow('cancelled')
  leave()
  await expect(next).resolves.toEqual(expect.any(Function))
  await expect(turnstile.pass(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
})
