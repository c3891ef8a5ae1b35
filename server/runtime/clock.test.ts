import { expect, test } from 'vitest'
import { createClock } from './clock'

test('a clock learns how far the database is ahead', () => {
  const clock = createClock(() => 1_000_000)
  clock.learn(new Date(1_300_010), 1_000_000, 1_000_020)
  expect(clock.nowMs()).toBe(1_300_000)
})

test('an answer that took long does not spoil what is known better', () => {
  const clock = createClock(() => 1_000_000)
  clock.learn(new Date(1_300_010), 1_000_000, 1_000_020)
  clock.learn(new Date(1_301_000), 1_000_000, 1_004_000)
  expect(clock.nowMs()).toBe(1_300_000)
})

test('a clock that was set is noticed even by a slow answer', () => {
  const clock = createClock(() => 1_000_000)
  clock.learn(new Date(700_000), 1_000_000, 1_004_000)
  expect(clock.nowMs()).toBe(698_000)
})
