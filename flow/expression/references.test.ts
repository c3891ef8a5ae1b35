import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExpression } from './parse'
import { dynamicSteps, referencesOf, renameStep } from './references'

function shown(source: string): string[] {
  return referencesOf(source).map(
    ({ root, path, optional }) => [root, ...path].join('.') + (optional ? '?' : ''),
  )
}

describe('referencesOf', () => {
  test.each<[string, string[]]>([
    ['steps.a.b', ['steps.a.b']],
    ['input', ['input']],
    ['$$.steps.a.b', ['steps.a.b']],
    ['$.steps.a', ['steps.a']],
    ['steps.`a`.`b c`', ['steps.a.b c']],
    ['steps."a"', ['steps.a']],
    ["steps.'a'.b", ['steps.a.b']],
    ['run.steps.a.score', ['run.steps.a.score']],
    ['$lookup(steps, "a")', ['steps.a']],
    ['$lookup(steps.a, "b").c', ['steps.a.b']],
    ['$lookup(steps, $x)', ['steps']],
    ['steps.a.items[price > trigger.max].sku', ['steps.a.items.sku']],
    ['steps.a.items[price > $$.trigger.max].sku', ['steps.a.items.sku', 'trigger.max']],
    ['steps.a.(b & c)', ['steps.a']],
    ['steps.a.{"x": b, "y": $$.vars.z}', ['steps.a', 'vars.z']],
    ['{"a": steps.a, "b": [steps.b, input.c]}', ['steps.a', 'steps.b', 'input.c']],
    ['steps.a ? steps.b : steps.c', ['steps.a', 'steps.b', 'steps.c']],
    ['steps.a ?: steps.b', ['steps.a?', 'steps.b']],
    ['steps.a ?? steps.b', ['steps.a?', 'steps.b']],
    ['$exists(steps.a) and steps.a.b', ['steps.a?', 'steps.a.b']],
    ['$map(steps.a, function($v){ $v.x + vars.rate })', ['steps.a', 'vars.rate']],
    ['steps.a ~> $sum()', ['steps.a']],
    ['steps.a ~> | x | {"y": z} |', ['steps.a']],
    ['steps.a^(>b).c', ['steps.a']],
    ['steps.a{b: $sum(c)}', ['steps.a']],
    ['steps.a@$x.b', ['steps.a']],
    ['steps.a#$i.b', ['steps.a.b']],
    ['($a := steps.a; $a.b)', ['steps.a']],
    ['customer.x', ['customer.x']],
    ['"steps.a"', []],
    ['steps.a +', []],
  ])('reads %s', (source, expected) => {
    expect(shown(source)).toEqual(expected)
  })

  test('tells offsets', () => {
    const source = '1 + steps.`a b`.c & $$.trigger'
    const [first, second] = referencesOf(source)
    expect(source.slice(first?.from, first?.to)).toBe('steps.`a b`.c')
    expect(source.slice(second?.from, second?.to)).toBe('$$.trigger')
  })
})

describe('renameStep', () => {
  test.each([
    ['steps.a.a + run.steps.a.score', 'steps.b.a + run.steps.b.score'],
    ['$$.steps.a & steps.`a`.x & steps."a"', '$$.steps.b & steps.`b`.x & steps."b"'],
    ['$lookup(steps, "a") & $lookup(run.steps, \'a\')', '$lookup(steps, "b") & $lookup(run.steps, \'b\')'],
    ['steps.aa & a.steps.a & "steps.a" & input.steps.a', 'steps.aa & a.steps.a & "steps.a" & input.steps.a'],
    ['items.(steps.a & $$.steps.a)', 'items.(steps.a & $$.steps.b)'],
    ['/* steps.a */ steps . a', '/* steps.a */ steps . b'],
    ['steps.a ?: steps.a ?? steps.a', 'steps.b ?: steps.b ?? steps.b'],
    ['$map(steps.a, function($a){ steps.a })', '$map(steps.b, function($a){ steps.b })'],
    ['steps.a[x = $$.steps.a.y]{steps: $$.steps.a}', 'steps.b[x = $$.steps.b.y]{steps: $$.steps.b}'],
    ['steps.a ~> |items|{"x": 1}|', 'steps.b ~> |items|{"x": 1}|'],
    ['steps.a.', 'steps.a.'],
  ])('rewrites %s', (source, expected) => {
    expect(renameStep(source, 'a', 'b')).toBe(expected)
  })

  test('puts words of the language in backticks', () => {
    expect(renameStep('steps.a.x', 'a', 'in')).toBe('steps.`in`.x')
    expect(parseExpression(renameStep('steps.a.x', 'a', 'true')).ok).toBe(true)
  })

  test('there and back gives the source again', { timeout: 30_000 }, () => {
    const leaf = fc.constantFrom(
      ...[
        'steps.a',
        'steps.`a`.x',
        'steps."a"',
        '$$.steps.a.y',
        'run.steps.a.score',
        '$lookup(steps, "a")',
        'steps.c',
      ],
      ...[
        'input.a',
        '"steps.a"',
        '1',
        'trigger.items[a = $$.steps.a]',
        'trigger.(steps.a)',
        '/* steps.a */ a',
      ],
    )
    const source = fc.letrec<{ part: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(tie('part'), fc.constantFrom('+', '&', '=', 'and', 'in', '?:', '??', '/'), tie('part'))
          .map((p) => p.join(' ')),
        tie('part').map((part) => `(${part})`),
        tie('part').map((part) => `[ ${part}, steps.a ]`),
        tie('part').map((part) => `{"a": ${part}}`),
        tie('part').map((part) => `$map(${part}, function($a){ $a & steps.a })`),
        fc.tuple(tie('part'), tie('part')).map(([test, then]) => `${test} ? ${then} : steps.a`),
      ),
    })).part
    fc.assert(
      fc.property(source, (text) => {
        const there = renameStep(text, 'a', 'fresh')
        expect(parseExpression(there).ok).toBe(parseExpression(text).ok)
        expect(shown(there).filter((one) => /^(run\.)?steps\.a\b/.test(one))).toEqual([])
        expect(renameStep(there, 'fresh', 'a')).toBe(text)
      }),
      { numRuns: 250 },
    )
  })

  test('never throws', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (source, from, to) => {
        expect(typeof renameStep(source, from, to)).toBe('string')
        expect(Array.isArray(referencesOf(source))).toBe(true)
        expect(typeof dynamicSteps(source)).toBe('boolean')
      }),
    )
  })
})

describe('dynamicSteps', () => {
  test.each([
    ['$keys(steps)', true],
    ['steps.*.risk', true],
    ['$lookup(steps, trigger.which)', true],
    ['$string($$)', true],
    ['run.steps', true],
    ['steps.a.b', false],
    ['$lookup(steps, "a")', false],
    ['trigger.steps', false],
    ['trigger.items.steps', false],
    ['1 +', false],
  ])('of %s is %s', (source, expected) => {
    expect(dynamicSteps(source)).toBe(expected)
  })
})
