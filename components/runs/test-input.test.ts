import { describe, expect, it } from 'vitest'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { blankInput, inputSchemaOf, readyInput } from './test-input'

const flow = (more: Partial<FlowDocumentInput>) => documentSchema.parse({ millrace: 1, id: 'test', ...more })

describe('the input of a test run', () => {
  it('is what the flow declares', () => {
    const input = { type: 'object', properties: { name: { type: 'string' } } }
    expect(inputSchemaOf(flow({ input }), kinds)).toEqual(input)
  })

  it('is what the trigger gives when the flow declares nothing', () => {
    const nodes = [{ id: 'hook', kind: 'webhook', config: { path: 'orders' } }]
    expect(inputSchemaOf(flow({ nodes }), kinds)).toMatchObject({ properties: { body: {} } })
  })

  it('is anything when nobody says', () => {
    expect(inputSchemaOf(flow({}), kinds)).toBeNull()
    expect(blankInput(null)).toEqual({})
    expect(readyInput(null)).toEqual({})
  })

  it('is not ready while something needed is missing', () => {
    const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }
    expect(readyInput(schema)).toBeUndefined()
    expect(readyInput({ ...schema, required: [] })).toEqual({})
  })
})
