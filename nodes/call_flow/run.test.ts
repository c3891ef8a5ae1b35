import { expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import type { Resolution, RunsWait } from '@/flow/kind'
import { validate } from '@/flow/validate'
import { kinds } from '../definitions'
import { doneOf, perform, resume } from '../testing/perform'

const at = '2026-03-01T12:00:00.000Z'
const wait: RunsWait = { for: 'runs', calls: [{ flow: 'other', input: 1 }], atOnce: 1 }
const ended = (status: 'completed' | 'failed' | 'cancelled'): Resolution => ({
  ...{ by: 'run', at, call: 0, run: 'r1', status, output: 7 },
  ...(status === 'failed' ? { error: { code: 'boom', message: 'Bang.', step: 'send' } } : {}),
})

test('starts the other flow with what comes in, or with its own input', async () => {
  const plain = await perform('call_flow', { flow: 'other' }, { input: { a: 1 } })
  expect(plain.outcome).toEqual({ type: 'call', flow: 'other', version: 'live', input: { a: 1 } })
  const config = { flow: 'other', version: '3', input: { b: '${ input.a }' } }
  const own = await perform('call_flow', config, { input: { a: 1 } })
  expect(own.outcome).toEqual({ type: 'call', flow: 'other', version: 3, input: { b: 1 } })
})

test('yields what the other run yields', async () => {
  expect(doneOf(await resume('call_flow', { flow: 'other' }, wait, [ended('completed')])).output).toBe(7)
})

test('fails as the other run failed, and names it', async () => {
  await expect(resume('call_flow', { flow: 'other' }, wait, [ended('failed')])).rejects.toMatchObject({
    code: 'boom',
    retryable: false,
    details: { run: 'r1', step: 'send' },
  })
  await expect(resume('call_flow', { flow: 'other' }, wait, [ended('cancelled')])).rejects.toMatchObject({
    code: 'child_cancelled',
  })
})

test('warns of a flow that calls itself', () => {
  const nodes = [
    { id: 'start', kind: 'start' },
    { id: 'call', kind: 'call_flow', config: { flow: 'mirror' } },
  ]
  const document = documentSchema.parse({
    millrace: 1,
    id: 'mirror',
    nodes,
    edges: [{ from: 'start', to: 'call' }],
  })
  expect(validate(document, kinds)).toMatchObject([
    { code: 'calls_itself', severity: 'warning', node: 'call' },
  ])
})
