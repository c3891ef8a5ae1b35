import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExpression } from './parse'
import { slipsOf } from './hints'

describe('slipsOf', () => {
  test.each([
    ['a == b', '==', 'single ='],
    ['a === b', '===', 'single ='],
    ['a !== b', '!==', '!='],
    ['a && b', '&&', 'and'],
    ['a || b', '||', 'or'],
    ['!a', '!', '$not'],
    ['a?.b', '?.', 'a.b'],
    ['x => x', '=>', 'function($x)'],
    ['i++', '++', 'x + 1'],
    ['"a" + b', '+', '&'],
    ['a + "b"', '+', '&'],
    ['items.length', 'length', '$count'],
    ['a = null', '= null', '$exists'],
    ['null != a', 'null !=', '$exists'],
    ['a = undefined', 'undefined', '$exists'],
    ['items.map(x)', 'map', '$map'],
    ['items.filter($f)', 'filter', '$filter'],
    ['name.toUpperCase()', 'toUpperCase', '$uppercase'],
    ['steps["a"]', '["a"]', '.`a`'],
    ['typeof a', 'typeof', '$type'],
  ])('knows %s', (source, part, remedy) => {
    const [slip] = slipsOf(source)
    expect(source.slice(slip?.from, slip?.to)).toBe(part)
    expect(slip?.message).toContain(remedy)
  })

  test.each([
    'a = b',
    'a != b',
    'a & b',
    'a and b or c',
    '1 + 2',
    'a ? b : c',
    'a.`length`',
    '$length(a)',
    '"a == b && !c"',
    '/* a == b */ a',
    'a[b = "c"]',
    '["a"]',
    '| a | {"b": 1} |',
    'a.constructor(1)',
    '$not(a)',
    'map',
  ])('leaves %s alone', (source) => {
    expect(slipsOf(source)).toEqual([])
  })

  test('tells several, in their order', () => {
    expect(slipsOf('a == b && !c').map((slip) => slip.from)).toEqual([2, 7, 10])
  })

  test('never throws, and stays within the source', { timeout: 30_000 }, () => {
    const source = fc.array(
      fc.constantFrom(...'= == ! & && | || ? . + "a" null length a map ( [ ] => $x undefined'.split(' ')),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          source.map((parts) => parts.join('')),
          source.map((parts) => parts.join(' ')),
        ),
        (text) => {
          for (const slip of slipsOf(text)) {
            expect(slip.from).toBeGreaterThanOrEqual(0)
            expect(slip.to).toBeLessThanOrEqual(text.length)
            expect(slip.from).toBeLessThan(slip.to)
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('a source with a slip', () => {
  test.each([
    ['a == b', 'single ='],
    ['a === b', 'single ='],
    ['a && b', 'and'],
    ['a || b', 'or'],
    ['!a', '$not'],
    ['a !== b', '!='],
    ['a?.b', 'a.b'],
    ['x => x + 1', 'function($x)'],
  ])('is refused with the sentence that helps: %s', (source, remedy) => {
    const parsed = parseExpression(source)
    expect(parsed.ok ? '' : parsed.problem.message).toContain(remedy)
  })
})
