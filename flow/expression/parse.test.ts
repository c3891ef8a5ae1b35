import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExpression } from './parse'
import './re2'

function problemOf(source: string) {
  const parsed = parseExpression(source)
  return parsed.ok ? undefined : parsed.problem
}

describe('parseExpression', () => {
  test('gives the same object for the same source', () => {
    expect(parseExpression('a.b + 1')).toBe(parseExpression('a.b + 1'))
    expect(parseExpression('a.b +')).toBe(parseExpression('a.b +'))
  })

  test('forgets the least recently used', { timeout: 30_000 }, () => {
    const first = parseExpression('first.of.many')
    const kept = parseExpression('kept.by.use')
    for (let index = 0; index < 2_100; index++) {
      parseExpression(`n${index}`)
      parseExpression('kept.by.use')
    }
    expect(parseExpression('kept.by.use')).toBe(kept)
    expect(parseExpression('first.of.many')).not.toBe(first)
  })

  test.each([
    ['1 + 1', false],
    ['items[a > 1].(b & c)', false],
    ['($x := 1; $x)', false],
    ['$sort(a)', false],
    ['$map(a, $uppercase)', false],
    ['$map(a, function($x){ $x })', true],
    ['a ~> | b | {"c": 1} |', true],
    ['$match(a, /b/)', true],
    ['a[$contains(b, /c/)]', true],
    ['(a / b) / c', false],
  ])('isolates %s: %s', (source, expected) => {
    const parsed = parseExpression(source)
    expect(parsed.ok && parsed.expression.isolate).toBe(expected)
  })

  test.each([
    ['', 0, 0],
    ['  ', 0, 2],
    ['1 +', 2, 3],
    ['[1, 2)', 5, 6],
    ['a b', 2, 3],
    ['"abc', 0, 4],
    ['a.`b', 2, 4],
    ['a := 1', 0, 1],
  ])('tells the place of what is wrong in %j', (source, from, to) => {
    expect(problemOf(source)).toMatchObject({ code: 'expression_syntax', from, to })
  })

  test('says what to do about patterns that RE2 has not', () => {
    expect(problemOf('$match(a, /(?=b)/)')?.message).toContain('Lookahead')
    expect(problemOf('$match(a, /(b)\\1/)')?.message).toContain('back references')
  })

  test.each([
    ['(', 4_999],
    ['[', 4_999],
    ['{"a":', 900],
    ['-', 4_999],
    ['a?', 2_000],
    ['$f(', 1_500],
    ['a ?: ', 900],
    ['a.', 2_000],
    ['a&', 2_000],
    ['a[', 2_000],
    ['function($x){', 300],
    ['/*', 2_000],
    ['|a|{},', 800],
    ['%.', 2_000],
  ])('lives through %s many times over', (piece, times) => {
    expect(() => parseExpression(piece.repeat(times).slice(0, 4_990))).not.toThrow()
    expect(() => parseExpression(`${piece.repeat(times).slice(0, 4_990)}1`)).not.toThrow()
  })

  test('a long chain of defaults is fine, defaults within defaults are not', () => {
    expect(problemOf(Array.from({ length: 50 }, (_, index) => `a.b${index}`).join(' ?: '))).toBeUndefined()
    expect(problemOf('((((((a ?: 1) ?: 1) ?: 1) ?: 1) ?: 1) ?: 1)')).toMatchObject({
      code: 'expression_limit',
    })
    expect(problemOf('[a ?: 1, b ?: 2, c ?: 3, d ?: 4, e ?: 5, f ?: 6, g ?: 7]')).toBeUndefined()
  })

  test('never throws, and a problem lies within the source', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        const problem = problemOf(source)
        if (!problem) return
        expect(problem.from).toBeGreaterThanOrEqual(0)
        expect(problem.to).toBeGreaterThanOrEqual(problem.from)
        expect(problem.to).toBeLessThanOrEqual(source.length)
      }),
      { numRuns: 600 },
    )
  })
})
