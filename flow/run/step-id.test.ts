import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemScope, parseScope, parseStepId, stepIdOf, topScope } from './step-id'

describe('step ids', () => {
  it('read as the path of places from the outside in', () => {
    expect(stepIdOf(topScope, 'assess', 1)).toBe('assess')
    expect(stepIdOf(topScope, 'ask', 2)).toBe('ask#2')
    expect(stepIdOf(itemScope('each_customer', 3), 'email', 1)).toBe('each_customer[3]/email')
    expect(stepIdOf(itemScope(stepIdOf(topScope, 'each', 2), 0), 'mail', 3)).toBe('each#2[0]/mail#3')
  })

  it('parse back to what they were made of, however deep', () => {
    const node = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/)
    const place = fc.record({ node, round: fc.integer({ min: 1, max: 99 }), index: fc.nat(999) })
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 4 }),
        node,
        fc.integer({ min: 1, max: 99 }),
        (around, name, round) => {
          const scope = around.reduce(
            (outer, at) => itemScope(stepIdOf(outer, at.node, at.round), at.index),
            topScope,
          )
          expect(parseStepId(stepIdOf(scope, name, round))).toEqual({ scope, node: name, round })
          const innermost = around.at(-1)
          expect(parseScope(scope)?.index).toBe(innermost?.index)
        },
      ),
    )
  })

  it('are refused when they are none', () => {
    expect(() => parseStepId('9lives')).toThrow(RangeError)
    expect(() => parseStepId('')).toThrow(RangeError)
  })
})
