import { expect, test } from 'vitest'
import { scheduleSentence, timeInZone } from './schedule-words'

test.each([
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday'],
  ['0 9 * * ? *', 'At 09:00'],
  ['cron(0 9 ? * 2 *)', 'At 09:00, only on Monday'],
  ['cron(0 9 ? * 6L *)', 'At 09:00, on the last Friday of the month'],
  ['cron(0 9 ? * FRI#2 *)', 'At 09:00, on the second Friday of the month'],
  ['cron(0 9 LW * ? *)', 'At 09:00, on the last weekday of the month'],
  ['*/30 * * * * *', 'Every 30 seconds'],
  ['@daily', 'At 00:00'],
  ['rate(5 minutes)', 'Every 5 minutes'],
  ['rate(1 day)', 'Every day'],
  ['at(2027-01-31T09:00:00)', 'Once'],
])('%s: %s', async (text, sentence) => {
  expect(await scheduleSentence(text, 'UTC')).toBe(sentence)
})

test('what is no schedule has no sentence', async () => {
  expect(await scheduleSentence('often', 'UTC')).toBeNull()
  expect(await scheduleSentence('0 9 * * *', 'Mars/Base')).toBeNull()
})

test('a time is told as clocks in its zone show it', () => {
  const at = new Date('2026-03-02T08:00:00Z')
  expect(timeInZone(at, 'Europe/Prague')).toContain('09:00')
  expect(timeInZone(at, 'UTC')).toMatch(/08:00$/)
  expect(timeInZone(new Date('2026-03-02T08:00:30Z'), 'UTC')).toMatch(/08:00:30$/)
})
