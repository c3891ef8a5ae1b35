import { describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import { doneOf, perform } from '../testing/perform'
import { definition } from './definition'
import { drawnBy } from './draw'

const half = [
  { port: 'a', weight: 1 },
  { port: 'b', weight: 1 },
]
const texts = Array.from({ length: 10_000 }, (_, index) => `customer ${index}`)
const portsOf = (variants: { port: string; weight: number }[]) =>
  texts.map((text) => drawnBy(text, variants)?.port)

test('what came in goes on, by the same way each time', async () => {
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => perform('split', { variants: half }, { input: { a: 1 } })),
  )
  const ways = outcomes.map(({ outcome }) => doneOf(outcome))
  expect(ways[0]).toEqual({ port: expect.stringMatching(/^[ab]$/), output: { a: 1 } })
  expect(ways).toEqual([ways[0], ways[0], ways[0]])
})

test('a key decides alone: runs of the same customer go the same way', async () => {
  const config = { variants: half, key: 'trigger.customer' }
  const go = async (customer: string, run: string) => {
    const given = { trigger: { customer }, root: { trigger: { customer }, run: { id: run, flow: 'shop' } } }
    return doneOf((await perform('split', config, given)).outcome).port
  }
  const ways = await Promise.all(texts.slice(0, 50).map((text) => go(text, 'one')))
  expect(await Promise.all(texts.slice(0, 50).map((text) => go(text, 'two')))).toEqual(ways)
  expect(new Set(ways)).toEqual(new Set(['a', 'b']))
})

describe('the draw', () => {
  test('gives each variant its share', () => {
    const ports = portsOf([
      { port: 'a', weight: 1 },
      { port: 'b', weight: 3 },
      { port: 'never', weight: 0 },
    ])
    const share = (port: string) => ports.filter((each) => each === port).length / ports.length
    expect(share('a')).toBeCloseTo(0.25, 1)
    expect(share('b')).toBeCloseTo(0.75, 1)
    expect(share('never')).toBe(0)
  })

  test('moves only to the variant whose weight grew', () => {
    const before = portsOf(half)
    const after = portsOf([
      { port: 'a', weight: 1 },
      { port: 'b', weight: 3 },
    ])
    expect(before.filter((port, index) => port === 'b' && after[index] === 'a')).toEqual([])
  })

  test('gives nothing when no weight is above 0', () => {
    expect(drawnBy('x', [{ weight: 0 }])).toBeNull()
  })
})

test.each([
  [{ variants: [{ port: 'a', weight: 0 }] }, ['weight_zero']],
  [{ variants: [...half, { port: 'a', weight: 1 }] }, ['port_duplicate']],
  [{ variants: [{ port: 'error', weight: 1 }] }, ['port_reserved']],
  [{ variants: half }, []],
])('%j has the problems %j', (config, codes) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'split' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problems = definition.check?.(definition.config.parse(config), node, document)
  expect(problems?.map((problem) => problem.code)).toEqual(codes)
})

test.each([
  [[1, 3], '25 / 75 %'],
  [[0, 0], ''],
])('weights %j are shown as %s', (weights, summary) => {
  const variants = weights.map((weight, index) => ({ port: `p${index}`, weight }))
  expect(definition.summary({ variants })).toBe(summary)
})
