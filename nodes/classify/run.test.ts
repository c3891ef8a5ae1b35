import { describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import type { Json } from '@/flow/json'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'

const labels = [
  { port: 'billing', keywords: ['invoice', 'pay*', 'credit card', 'Rückerstattung'] },
  { port: 'technical', keywords: ['error', 'API', 'C++'] },
]

async function classify(input: Json, config: object = {}) {
  const { outcome } = await perform('classify', { by: 'keywords', labels, ...config }, { input })
  return doneOf(outcome)
}

describe('by keywords', () => {
  test.each([
    ['My invoice is wrong', 'billing', 1, 'Found: invoice'],
    ['I PAID twice: payment by Credit-Card', 'billing', 1, 'Found: pay*, credit card'],
    ['ruckerstattung bitte', 'billing', 1, 'Found: Rückerstattung'],
    ['The API gives an error for my invoice', 'technical', 2 / 3, 'Found: error, API'],
    ['An error with an invoice', 'billing', 0.5, 'Found: invoice'],
    ['Can you repay me? Terrors!', 'other', 1, 'No keyword stands in the text.'],
    ['', 'other', 1, 'No keyword stands in the text.'],
  ])('%j is %s', async (text, route, confidence, reason) => {
    expect(await classify(text)).toEqual({ port: route, output: { route, confidence, reason } })
  })

  test('looks at the text that it is given, else at all that came in', async () => {
    expect((await classify({ subject: 'invoice', body: 'error' }, { text: '${input.body}' })).port).toBe(
      'technical',
    )
    expect((await classify({ subject: 'invoice' })).port).toBe('billing')
  })
})

test('by conditions the first that is true is taken', async () => {
  const config = {
    by: 'expression',
    labels: [
      { port: 'large', when: 'input.total > 1000' },
      { port: 'some', when: 'input.total > 0' },
    ],
  }
  expect(await classify({ total: 5_000 }, config)).toEqual({
    port: 'large',
    output: { route: 'large', confidence: 1, reason: 'input.total > 1000' },
  })
  expect((await classify({ total: 5 }, config)).port).toBe('some')
  expect((await classify({ total: 0 }, config)).port).toBe('other')
})

test.each([
  [{ by: 'keywords', labels: [{ port: 'a' }] }, ['required']],
  [{ by: 'keywords', labels: [{ port: 'a', keywords: [' '] }] }, ['required']],
  [{ by: 'expression', labels: [{ port: 'a', keywords: ['x'] }] }, ['required']],
  [{ labels: [{ port: 'other', keywords: ['x'] }] }, ['port_reserved']],
  [{ labels }, []],
])('%j has the problems %j', (config, codes) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'classify' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problems = definition.check?.(definition.config.parse(config), node, document)
  expect(problems?.map((problem) => problem.code)).toEqual(codes)
})
