import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, test } from 'vitest'
import { expressionsOn, orderRoot } from '../fixtures/expressions'
import type { Json, JsonObject } from '../json'
import { ExpressionError } from './error'
import { evaluateExpression, resolveText, resolveValue } from './evaluate'

const root = orderRoot
const { value, failure, codeOf } = expressionsOn(root)

describe('evaluateExpression', () => {
  test.each<[string, Json]>([
    ['input', root.input],
    ['trigger.customer.id', 'c1'],
    ['trigger.customer.`full name`', 'Ada L.'],
    ['trigger.lines.sku', ['a', 'b']],
    ['trigger.lines[price > 10].sku', 'b'],
    ['trigger.lines[0].sku', 'a'],
    ['$sum(trigger.lines.(price * qty))', 26],
    ['trigger.lines{sku: price}', { a: 3, b: 20 }],
    ['trigger.lines^(>price).sku', ['b', 'a']],
    ['input.amount > 100 and steps.assess.risk = "high"', true],
    ['{"id": trigger.customer.id, "risk": steps.assess.risk & "!"}', { id: 'c1', risk: 'high!' }],
    ['$$.vars.region', 'eu'],
    ['trigger.lines.($$.vars.region & sku)', ['eua', 'eub']],
    ['( $rate := 2; $map(trigger.lines, function($line){ $line.price * $rate }) )', [6, 40]],
    ['$match("ab12", /[0-9]+/).match', '12'],
    ['$replace("2026-03-29", /(\\d+)-(\\d+)-(\\d+)/, "$3.$2.$1")', '29.03.2026'],
    ['steps.zero', 0],
    ['steps.gone', null],
    ['trigger.empty', []],
  ])('yields the value of %s', async (source, expected) => {
    expect(await value(source)).toEqual(expected)
  })

  test('yields null where a filter lets nobody pass', async () => {
    expect(await value('trigger.lines[price > 1000]')).toBeNull()
    expect(await value('$filter(trigger.lines, function($line){ $line.qty > 5 })')).toBeNull()
  })

  test('yields plain JSON: no hidden marks, no shared parts, nothing of the input itself', async () => {
    const twice = (await value('($line := trigger.lines[0]; {"a": $line, "b": $line})')) as JsonObject
    expect(twice.a).toEqual(twice.b)
    expect(twice.a).not.toBe(twice.b)
    expect(Object.getOwnPropertyNames(await value('trigger.lines.sku'))).toEqual(['0', '1', 'length'])
    expect(await value('trigger.lines')).not.toBe(root.trigger.lines)
  })

  test('never changes its input', async () => {
    const before = structuredClone(root)
    await value('trigger.empty{"a": 1}')
    await value('trigger ~> | lines | {"price": 0} |')
    await value('$sort(trigger.lines, function($a, $b){ $a.price < $b.price })')
    expect(root).toEqual(before)
  })

  test('tells the time it is given', async () => {
    const now = Date.parse('2026-03-29T10:20:30.400Z')
    expect(await value('$now()', { now })).toBe('2026-03-29T10:20:30.400Z')
    expect(await value('$millis()', { now })).toBe(now)
    expect(await value('$now("[D01].[M01].[Y0001]")', { now })).toBe('29.03.2026')
    expect(await value('$fromMillis($toMillis("05:06", "[H01]:[m01]"))', { now })).toBe(
      '2026-03-29T05:06:00.000Z',
    )
  })

  test('tells the time of the machine when it is given none', async () => {
    const before = Date.now()
    expect(await value('$millis()')).toBeGreaterThanOrEqual(before)
  })

  test('keeps apart evaluations of one source that run at the same time', async () => {
    const values = await Promise.all(
      [1, 2, 3].map((now) => evaluateExpression('$millis() + input', { input: now * 10 }, { now })),
    )
    expect(values).toEqual([11, 22, 33])
  })
})

describe('secrets', () => {
  test('are refused where the root has none', async () => {
    expect(await codeOf('secrets.TOKEN')).toBe('secret_not_allowed')
    expect(await codeOf('$$.secrets.TOKEN')).toBe('secret_not_allowed')
    expect(await codeOf('$exists(secrets.TOKEN)')).toBe('secret_not_allowed')
  })

  test('are a name like any other in an item', async () => {
    expect(await evaluateExpression('items.secrets', { items: [{ secrets: 1 }] })).toBe(1)
  })

  test('are there when the root has them', async () => {
    expect(await evaluateExpression('"Bearer " & secrets.T', { secrets: { T: 'x' } })).toBe('Bearer x')
  })
})

describe('a failing expression', () => {
  test.each([
    ['1 + "a"', 'expression_failed', 'T2002'],
    ['$number("x")', 'expression_failed', 'D3030'],
    ['$error("no stock")', 'expression_failed', 'D3137'],
    ['$sum("x")', 'expression_failed', 'T0412'],
    ['1 +', 'expression_syntax', 'S0207'],
    ['input.', 'expression_syntax', 'S0207'],
    ['', 'expression_syntax', undefined],
    ['$string', 'expression_failed', undefined],
    ['{"f": $string}', 'expression_failed', undefined],
    ['1 / 0', 'expression_failed', undefined],
  ])('says why: %s', async (source, code, reason) => {
    expect(await failure(source)).toMatchObject({ code, reason })
  })

  test('keeps the words of $error', async () => {
    expect((await failure('$error("no stock")')).message).toBe('no stock')
  })
})

describe('resolveText', () => {
  test('writes values into text', async () => {
    expect(await resolveText('Hi ${trigger.customer.id}, ${ input.amount } EUR', root)).toBe('Hi c1, 120 EUR')
    expect(await resolveText('${input.tags}/${steps.gone}/${ {"a": "}"} }', root)).toBe(
      '["new","vip"]//{"a":"}"}',
    )
    expect(await resolveText('$${input} costs $5', root)).toBe('${input} costs $5')
  })

  test('fails as the expression does', async () => {
    await expect(resolveText('${steps.missing}', root)).rejects.toMatchObject({ code: 'reference_missing' })
    await expect(resolveText('${steps.', root)).rejects.toMatchObject({ code: 'expression_syntax' })
  })
})

describe('resolveValue', () => {
  test('keeps the type of a string that is one expression, wherever it stands', async () => {
    const template = {
      n: '${input.amount}',
      list: ['${input.tags}', 'is ${input.amount}'],
      keep: 5,
      no: null,
    }
    expect(await resolveValue(template, root)).toEqual({
      n: 120,
      list: [['new', 'vip'], 'is 120'],
      keep: 5,
      no: null,
    })
  })

  test('uses the evaluator that it is given', async () => {
    const evaluate = async (source: string) => `<${source}>`
    expect(await resolveValue(['${a}', 'x${b}'], root, { evaluate })).toEqual(['<a>', 'x<b>'])
  })
})

describe('laws', { timeout: 60_000 }, () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
  const names = fc.constantFrom('a', 'b', 'c', 'input')

  test('a path yields what jsonata yields, through objects and lists', async () => {
    const tree = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, 0, 1, 'x', true),
        fc.dictionary(names, tie('node'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
        fc.array(tie('node'), { maxLength: 3 }) as fc.Arbitrary<Json>,
      ),
    })).node
    await fc.assert(
      fc.asyncProperty(tree, fc.array(names, { minLength: 1, maxLength: 4 }), async (data, path) => {
        const source = path.join('.')
        const theirs: unknown = await jsonata(source).evaluate(data)
        const ours = await evaluateExpression(source, data, { allowMissing: true })
        expect(ours).toEqual(theirs === undefined ? null : JSON.parse(JSON.stringify(theirs)))
      }),
      { numRuns: 300 },
    )
  })

  test('whatever is written, evaluation yields JSON or throws an ExpressionError', async () => {
    const pieces = fc.constantFrom(
      ...'input trigger steps.a .b [0] [ ] { } ( ) : ; , " \' ` $ $$ $x := ?: ?? ? and or in = != + - * ** / & ~> function($x){ } | ^ @$v #$i % 1 "t" /a/ null true $sum $map $exists . .. \\ ! ${ \0'.split(
        ' ',
      ),
    )
    const source = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(' ')),
    )
    await fc.assert(
      fc.asyncProperty(source, json, async (text, data) => {
        try {
          const result = await evaluateExpression(
            text,
            { input: data, trigger: data, steps: { a: data } },
            { timeoutMs: 200 },
          )
          expect(JSON.parse(JSON.stringify(result))).toEqual(result)
        } catch (error) {
          expect(error, text).toBeInstanceOf(ExpressionError)
        }
      }),
      { numRuns: 600 },
    )
  })

  test('a value resolved without templates is itself', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (data) => {
        fc.pre(!JSON.stringify(data).includes('${'))
        expect(await resolveValue(data, root)).toEqual(data)
      }),
    )
  })
})
