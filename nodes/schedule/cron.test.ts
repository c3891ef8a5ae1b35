import { describe, expect, test } from 'vitest'
import { nodeSchema, documentSchema } from '@/flow/document'
import { doneOf, perform } from '../testing/perform'
import { cronOf, nextTimes } from './cron'
import { definition } from './definition'

const monday = new Date('2026-03-02T00:00:00Z')
const iso = (times: Date[]) => times.map((time) => time.toISOString())

describe('patterns', () => {
  test.each([
    ['0 9 * * 1-5', ['2026-03-02T09:00:00.000Z', '2026-03-03T09:00:00.000Z']],
    ['*/30 * * * * *', ['2026-03-02T00:00:30.000Z', '2026-03-02T00:01:00.000Z']],
    ['@daily', ['2026-03-03T00:00:00.000Z', '2026-03-04T00:00:00.000Z']],
    ['cron(0 9 * * ? *)', ['2026-03-02T09:00:00.000Z', '2026-03-03T09:00:00.000Z']],
    ['0 9 * * ? *', ['2026-03-02T09:00:00.000Z', '2026-03-03T09:00:00.000Z']],
    ['cron(30 10 ? * 2 *)', ['2026-03-02T10:30:00.000Z', '2026-03-09T10:30:00.000Z']],
    ['cron(0 8 ? * MON-FRI 2027)', ['2027-01-01T08:00:00.000Z', '2027-01-04T08:00:00.000Z']],
  ])('%s', (pattern, times) => {
    expect(iso(nextTimes(pattern, 'UTC', monday, 2))).toEqual(times)
  })

  test('are meant in their zone, over the change of clocks', () => {
    const before = new Date('2026-03-28T12:00:00Z')
    expect(iso(nextTimes('0 9 * * *', 'Europe/Prague', before, 2))).toEqual([
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ])
  })

  test.each(['', 'tomorrow', '61 * * * *', '* * * *', 'cron(x)'])('"%s" is none', (pattern) => {
    expect(() => cronOf(pattern)).toThrow(RangeError)
  })
})

test('a wrong pattern or zone is a problem of the node', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'schedule' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const check = (config: object) => definition.check?.(definition.config.parse(config), node, document) ?? []
  expect(check({ cron: '0 9 * * 1-5' })).toEqual([])
  expect(check({ cron: 'often' })[0]).toMatchObject({ code: 'cron_invalid', path: ['cron'] })
  expect(check({ cron: '0 9 * * *', timezone: 'Mars/Base' })[0]?.message).toContain('Mars/Base')
})

test('the time and the input are the output', async () => {
  const trigger = { at: '2026-03-02T09:00:00.000Z', region: 'eu' }
  const { outcome } = await perform('schedule', { cron: '0 9 * * *' }, { trigger })
  expect(doneOf(outcome).output).toEqual(trigger)
})
