import Ajv2020 from 'ajv/dist/2020'
import fc from 'fast-check'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { documentSchema } from './document'
import { flowJsonSchema } from './json-schema'

const command = 'npx vitest run flow/json-schema.test.ts --update'

describe('the published JSON Schema', () => {
  it(`is the document's own shape (when it is stale: ${command})`, async () => {
    const options = await resolveConfig('public/flow.schema.json')
    const text = await format(JSON.stringify(flowJsonSchema()), { ...options, parser: 'json' })
    await expect(text, `public/flow.schema.json is stale. Run: ${command}`).toMatchFileSnapshot(
      '../public/flow.schema.json',
    )
  })

  const accepts = new Ajv2020({ strict: false }).compile(flowJsonSchema())
  const node = { id: 'a', kind: 'step' }

  it('refuses places that no canvas can draw', () => {
    const document = { millrace: 1, id: 'f', nodes: [{ ...node, position: { x: 1e300, y: 0 } }], edges: [] }
    expect(documentSchema.safeParse(document).success).toBe(false)
    expect(accepts(document)).toBe(false)
  })

  it('takes what the program takes', () => {
    const document = {
      millrace: 1,
      id: 'f',
      nodes: [{ ...node, timeout: 'PT1.5S' }],
      edges: [{ from: 'a', to: 'a' }],
    }
    expect(documentSchema.safeParse(document).success).toBe(true)
    expect(accepts(document)).toBe(true)
  })

  it.each([
    ['another format', { millrace: 2, id: 'f' }],
    ['no id', { millrace: 1 }],
    ['an id that is none', { millrace: 1, id: 'No Id' }],
    ['a field that is not known', { millrace: 1, id: 'f', colour: 'red' }],
    ['a duration in other words', { millrace: 1, id: 'f', nodes: [{ ...node, timeout: '30s' }] }],
    ['an empty duration', { millrace: 1, id: 'f', nodes: [{ ...node, timeout: 'PT' }] }],
    ['a join by no lines', { millrace: 1, id: 'f', nodes: [{ ...node, join: { count: 0 } }] }],
  ])('refuses %s, as the program does', (_, document) => {
    expect(documentSchema.safeParse(document).success).toBe(false)
    expect(accepts(document)).toBe(false)
  })

  it('takes any JSON as config and sample', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (config, sample) => {
        expect(accepts({ millrace: 1, id: 'f', nodes: [{ ...node, config, sample }] })).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
