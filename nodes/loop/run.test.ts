import { expect, test } from 'vitest'
import type { Json, JsonObject } from '@/flow/json'
import type { BodyWait } from '@/flow/kind'
import { doneOf, perform, resume } from '../testing/perform'

const at = '2026-03-01T12:00:00.000Z'
const wait = (index: number): BodyWait => ({
  for: 'body',
  items: [null],
  first: index,
  atOnce: 1,
  onItemError: 'stop',
})
const afterRound = (config: JsonObject, index: number, output: Json) =>
  resume('loop', config, wait(index), [{ by: 'body', at, results: [{ output }] }], { input: 'in' })

test('begins its first round with what comes in', async () => {
  const { outcome } = await perform('loop', { until: 'item.ready' }, { input: 'in' })
  expect(outcome).toEqual({
    type: 'each',
    items: ['in'],
    first: 0,
    atOnce: 1,
    onItemError: 'stop',
    mode: 'inline',
  })
})

test('hands what a round yielded to the next', async () => {
  expect(await afterRound({}, 4, 'out')).toMatchObject({ type: 'each', items: ['out'], first: 5 })
})

test('has no round when the question before it is not true at once', async () => {
  const { outcome } = await perform('loop', { while: 'item > 10' }, { input: 3 })
  expect(doneOf(outcome)).toEqual({ port: 'done', output: 3 })
})

test.each([
  ['until', 'item.ready', 0, { ready: true }, true],
  ['until', 'item.ready', 0, { ready: false }, false],
  ['until', 'index = 2', 2, {}, true],
  ['while', 'index < 3', 1, {}, false],
  ['while', 'index < 3', 2, {}, true],
])('with %s %s, round %i that yields %j is the last: %s', async (key, question, index, output, isLast) => {
  const outcome = await afterRound({ [key]: question }, index, output)
  expect(outcome.type).toBe(isLast ? 'done' : 'each')
})

test('ends after as many rounds as it may have', async () => {
  expect((await afterRound({ atMost: 3 }, 1, 'out')).type).toBe('each')
  expect(doneOf(await afterRound({ atMost: 3 }, 2, 'out')).output).toBe('out')
})

test('fails with the round that failed', async () => {
  const results = [{ error: { code: 'boom', message: 'Bang.' } }]
  await expect(resume('loop', {}, wait(0), [{ by: 'body', at, results }])).rejects.toMatchObject({
    code: 'boom',
  })
})
