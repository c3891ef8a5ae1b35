import { describe, expect, test } from 'vitest'
import { nodeSchema, documentSchema } from '@/flow/document'
import { noon, perform, resume } from '../testing/perform'
import { definition } from './definition'

const passedOn = { type: 'done', port: 'done', output: { a: 1 } }

test.each([
  [{ for: 'PT5M' }, '2026-03-01T12:05:00.000Z'],
  [{ for: '${input.pause}' }, '2026-03-03T12:00:00.000Z'],
  [{ until: '2026-03-02T09:00:00+01:00' }, '2026-03-02T08:00:00.000Z'],
  [{ until: '2026-03-02T09:00' }, '2026-03-02T09:00:00.000Z'],
  [{ until: '2026-03-02' }, '2026-03-02T00:00:00.000Z'],
])('%j waits until %s', async (config, until) => {
  const { outcome } = await perform('wait', config, { input: { pause: 'P2D' } })
  expect(outcome).toEqual({ type: 'wait', wait: { for: 'timer', until } })
})

test('a time that has passed does not wait', async () => {
  const { outcome } = await perform('wait', { until: '2026-03-01T11:59:59Z' }, { input: { a: 1 }, now: noon })
  expect(outcome).toEqual(passedOn)
})

test('after the wait the input goes on', async () => {
  const wait = { for: 'timer', until: '2026-03-01T12:05:00.000Z' } as const
  const at = '2026-03-01T12:05:00.010Z'
  expect(await resume('wait', { for: 'PT5M' }, wait, [{ by: 'timer', at }], { input: { a: 1 } })).toEqual(
    passedOn,
  )
})

test.each([
  [{ for: '${input}' }, 'duration_invalid'],
  [{ for: 'P900000000D' }, 'duration_invalid'],
  [{ until: '${input}' }, 'time_invalid'],
])('%j fails as %s', async (config, code) => {
  await expect(perform('wait', config, { input: 'soon' })).rejects.toMatchObject({ code })
})

describe('problems', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'wait' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  test.each([
    [{}, 'required'],
    [{ for: 'PT1M', until: '2027-01-01' }, 'wait_ambiguous'],
    [{ for: 'five minutes' }, 'duration_invalid'],
    [{ until: 'tomorrow' }, 'time_invalid'],
  ])('%j has %s', (config, code) => {
    expect(definition.check?.(config, node, document)).toMatchObject([{ code, severity: 'error' }])
  })

  test.each([{ for: 'PT1M' }, { for: '${input.pause}' }, { until: '2027-01-01' }])(
    '%j has none',
    (config) => {
      expect(definition.check?.(config, node, document)).toEqual([])
    },
  )
})
