import { expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import { hasErrors } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { kinds } from '../definitions'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

const nowMs = Date.parse('2026-03-02T00:00:00Z')
const node = nodeSchema.parse({ id: 'n', kind: 'schedule' })
const document = documentSchema.parse({ millrace: 1, id: 'f' })
const check = (config: object, at?: number) =>
  definition.check?.(definition.config.parse(config), node, document, at) ?? []

test.each(['0 9 * * 1-5', 'cron(0 9 * * ? *)', '0 9 * * ? *', 'rate(5 minutes)', 'at(2027-01-31T09:00:00)'])(
  '%s is a schedule',
  (cron) => {
    expect(check({ cron }, nowMs)).toEqual([])
  },
)

test('what is no pattern, and a zone that is none, are problems of their fields', () => {
  expect(check({ cron: 'often' })).toMatchObject([{ code: 'cron_invalid', path: ['cron'], node: 'n' }])
  const [zone] = check({ cron: '0 9 * * *', timezone: 'Mars/Base' })
  expect(zone).toMatchObject({ code: 'timezone_unknown', path: ['timezone'] })
  expect(zone?.message).toContain('Mars/Base')
})

test('a schedule that never fires is a problem', () => {
  expect(check({ cron: '0 9 30 2 *' })).toMatchObject([{ code: 'schedule_never', path: ['cron'] }])
  const left = { cron: 'at(2027-03-28T02:30:00)', timezone: 'Europe/Prague' }
  expect(check(left)).toMatchObject([{ code: 'schedule_never' }])
})

test('one whose times are over is a problem where it is drawn, not where it runs', () => {
  const over = { cron: 'at(2026-03-01T09:00:00)' }
  expect(check(over, nowMs)).toMatchObject([{ code: 'schedule_over', path: ['cron'] }])
  expect(check(over)).toEqual([])
  const flow = documentSchema.parse({
    millrace: 1,
    id: 'f',
    nodes: [{ id: 'once', kind: 'schedule', config: over }],
  })
  expect(validate(flow, kinds, nowMs)).toMatchObject([
    { code: 'schedule_over', path: ['nodes', 0, 'config', 'cron'] },
  ])
  expect(hasErrors(validate(flow, kinds))).toBe(false)
})

test('the time and the input are the output', async () => {
  const trigger = { at: '2026-03-02T09:00:00.000Z', region: 'eu' }
  const { outcome } = await perform('schedule', { cron: '0 9 * * *' }, { trigger })
  expect(doneOf(outcome).output).toEqual(trigger)
})
