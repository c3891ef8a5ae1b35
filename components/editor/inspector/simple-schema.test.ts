import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printProperties, propertyTypes, readProperties, type Property } from './simple-schema'

const property: fc.Arbitrary<Property> = fc.record({
  name: fc.stringMatching(/^[a-z]{1,8}$/),
  type: fc.constantFrom(...propertyTypes),
  choices: fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 3 }),
  description: fc.constantFrom('', 'How sure it is.'),
  required: fc.boolean(),
})

describe('the shape builder', () => {
  it('reads back what it printed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(property, { selector: ({ name }) => name, maxLength: 5 }), (properties) => {
        const expected = properties.map((each) => ({
          ...each,
          choices: each.type === 'one of' ? each.choices : [],
        }))
        expect(readProperties(printProperties(properties))).toEqual(expected)
      }),
    )
  })

  it('leaves alone what it cannot show whole', () => {
    expect(readProperties({ type: 'array', items: {} })).toBeNull()
    expect(readProperties({ type: 'object', properties: { a: { type: 'object' } } })).toBeNull()
    expect(
      readProperties({ type: 'object', properties: { a: { type: 'string', format: 'email' } } }),
    ).toBeNull()
    expect(readProperties({ $ref: '#/x' })).toBeNull()
  })
})
