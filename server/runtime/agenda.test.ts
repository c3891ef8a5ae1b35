import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Agenda } from './agenda'
import { createClock } from './clock'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

function agendaOf(onDue: () => void = () => undefined): Agenda {
  return new Agenda(createClock(), onDue)
}

test('what is next is the earliest of waits, pauses and the deadline', () => {
  const agenda = agendaOf()
  expect(agenda.nextMs()).toBe(Infinity)
  agenda.waiting.set('for_ever', null)
  agenda.waiting.set('later', 1_009_000)
  agenda.retries.set('soon', 1_005_000)
  agenda.deadlineMs = 1_060_000
  expect(agenda.nextMs()).toBe(1_005_000)
})

test('the timer goes off at what is next, once', () => {
  const due = vi.fn()
  const agenda = agendaOf(due)
  agenda.waiting.set('a', 1_003_000)
  agenda.arm()
  agenda.arm()
  vi.advanceTimersByTime(2_999)
  expect(due).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(due).toHaveBeenCalledTimes(1)
  expect(agenda.dueWaits()).toEqual(['a'])
})

test('a time further off than a timer can count does not go off at once', () => {
  const due = vi.fn()
  const agenda = agendaOf(due)
  agenda.waiting.set('next_year', 1_000_000 + 365 * 86_400_000)
  agenda.arm()
  vi.advanceTimersByTime(86_400_000)
  expect(due).not.toHaveBeenCalled()
})

test('a disarmed agenda is silent', () => {
  const due = vi.fn()
  const agenda = agendaOf(due)
  agenda.deadlineMs = 1_001_000
  agenda.arm()
  agenda.disarm()
  vi.advanceTimersByTime(10_000)
  expect(due).not.toHaveBeenCalled()
  expect(agenda.isOverdue()).toBe(true)
})
