import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json'
import { evaluateDirectly } from './direct'
import { ExpressionError } from './error'
import { beginEvaluation, compiledOf, evaluateExpression, type EvaluateOptions } from './evaluate'
import { immediateFunctions } from './functions'
import { interpret } from './interpret'
import { parseExpression } from './parse'

const functions = await immediateFunctions()

/** The value found without jsonata; undefined when it is left to jsonata. */
function directly(source: string, root: JsonObject, options: EvaluateOptions = {}): Json | undefined {
  const compiled = compiledOf(source)
  if (!compiled.direct) return undefined
  return evaluateDirectly(compiled.direct, root, beginEvaluation(compiled, root, options), functions)
}

function byJsonata(source: string, root: JsonObject, options: EvaluateOptions = {}): Promise<unknown> {
  return outcomeOf(async () => {
    const compiled = compiledOf(source)
    return interpret(compiled, root, beginEvaluation(compiled, root, options), 20_000)
  })
}

/** The value, or the words of an error. */
async function outcomeOf(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error instanceof ExpressionError ? `${error.code} ${error.reason} ${error.at}` : error
  }
}

const order: JsonObject = {
  input: {
    id: 7,
    body: { id: 7, lines: [{ price: 2, quantity: 3 }] },
    total: 162,
    tax: 34.02,
    gross: 196.02,
    tier: 'gold',
    nothing: null,
    tags: ['new', 'vip'],
    one: [{ sku: 'a', tags: ['x'] }],
    lines: [
      { price: 12.5, quantity: 4, tags: ['x', 'y'] },
      { price: 80, quantity: 1, tags: [] },
      { price: 3.2, quantity: 10, gift: true },
    ],
    empty: [],
    nested: [[1, 2], [3], [[4]]],
  },
}

describe('what is evaluated without jsonata', () => {
  test.each([
    'input.body.id',
    'input.lines.price',
    'input.lines.tags',
    '$$.input.gross',
    '{ "id": input.body.id, "lines": input.body.lines }',
    '$merge([input, { "total": $sum(input.lines.(price * quantity)) }])',
    '$merge([input, { "tax": input.total * 0.21 }])',
    '$merge([input, { "count": $count(input.lines) }])',
    '{ "id": input.id, "gross": $round(input.gross, 2) }',
    'input.gross > 100',
    'input.gross > 100 and input.tier = "gold" or input.nothing = null',
    'input.tier in ["gold", "silver"]',
    'input.none ?: "none"',
    'input.none ?? "none"',
    'input.gross > 100 ? "big" : "small"',
    'input.lines.{ "cost": price * quantity, "gift": gift }',
    '"Hi " & $uppercase(input.tier) & ", " & input.total & " EUR"',
    'input.lines.$round(price)',
    'input.nested.($.$string())',
    '[input.tags, input.id, [input.tags], -input.id]',
    '$exists(input.none) and input.none.x > 3',
    '$string(input.lines[])',
  ])('%s', async (source) => {
    const found = directly(source, order)
    if (source.includes('[]')) expect(found).toBeUndefined()
    else expect(found).toEqual(await byJsonata(source, order))
  })
})

describe('what is left to jsonata', () => {
  test.each([
    'input.lines[price > 10]',
    'input.lines[0]',
    'input.lines^(price)',
    'input.lines{ "all": price }',
    'input.lines@$l.price',
    'input.lines.[price, quantity]',
    'input.*',
    '( $x := 1; $x + 1 )',
    '$map(input.tags, $uppercase)',
    'input.tags ~> $count',
    '[1..3]',
    '$contains(input.tier, "o")',
    '$random() > 2',
    '{ input.tier: 1 }',
    '{ "a": 1, "a": 2 }',
    '{ "_jsonata_lambda": true }',
    '$uppercase',
  ])('as it is written: %s', (source) => {
    expect(compiledOf(source).direct).toBeNull()
  })

  test.each([
    '1 + input.tier',
    'input.tier > 3',
    'input.lines > 3',
    'input.lines = input.one',
    '"x" & input.body',
    '1 / 0 + 1',
    '-input.tier',
    '$sum(input.tier)',
    '$uppercase(input.id)',
    '$number(input.tier)',
    'input.nested.{ "a": 1 }',
    'true and input.missing',
  ])('as it turns out: %s', async (source) => {
    expect(directly(source, order)).toBeUndefined()
    const expected = await byJsonata(source, order)
    expect(await outcomeOf(() => evaluateExpression(source, order))).toEqual(expected)
  })

  test('data that poses as a function, as an argument and as a value', () => {
    const root = { input: { _jsonata_lambda: true, a: 1 } }
    expect(directly('$string(input)', root)).toBeUndefined()
    expect(directly('$lookup($$, "input")', root)).toBeUndefined()
    expect(directly('input.a', root, { allowMissing: true })).toBeNull()
  })

  test('lists of more than 10,000 items that an expression makes, but not those that it passes on', async () => {
    const list = Array.from({ length: 10_001 }, (_, n) => ({ n, some: [n] }))
    const root = { input: { list } }
    for (const source of ['input.list.n', 'input.list.some', '[input.list]', '$append(input.list, 1)']) {
      expect(directly(source, root), source).toBeUndefined()
      expect((await byJsonata(source, root)) as string).toContain('expression_limit')
    }
    expect(directly('input.list', root)).toHaveLength(10_001)
    expect(directly('$count(input.list)', root)).toBe(10_001)
  })

  test('what would be long about large lists', () => {
    const list = Array.from({ length: 10_000 }, (_, n) => n)
    const source = '$count(list.($sum($$.list) + $sum($$.list) + $sum($$.list)))'
    const started = performance.now()
    expect(directly(source, { list })).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('values that double', () => {
    for (const double of [
      '{"l": $, "r": $}',
      '($ & $)',
      '$append($, $)',
      '$merge([$, {"l": $}, {"r": $}])',
    ]) {
      expect(directly(`("x").{"a": $}${`.${double}`.repeat(60)}`, {}), double).toBeUndefined()
    }
  })
})

interface Case {
  expr: string
  data?: Json
  dataset?: string | null
}
const suite = JSON.parse(
  readFileSync(new URL('../fixtures/jsonata/test-suite.json', import.meta.url), 'utf8'),
) as { datasets: Record<string, Json>; cases: Case[] }

test('the upstream suite has the same values both ways', { timeout: 60_000 }, async () => {
  let answered = 0
  for (const { expr, data, dataset } of suite.cases) {
    const given = dataset ? suite.datasets[dataset] : data
    // Half of the cases have no data, where the root of an expression is an object always.
    const root = typeof given === 'object' && given && !Array.isArray(given) ? given : { '': given ?? null }
    if (!parseExpression(expr).ok) continue
    const found = directly(expr, root, { allowMissing: true, now: 0 })
    if (found === undefined) continue
    answered++
    const expected = await byJsonata(expr, root, { allowMissing: true, now: 0 })
    expect(JSON.stringify(found), expr).toBe(JSON.stringify(expected))
  }
  expect(answered).toBeGreaterThan(300)
})

describe('laws', { timeout: 120_000 }, () => {
  const leaf = fc.constantFrom<Json>(null, 0, 1, 2, -2.5, 1e300, '', 'x', '7', 'a', true, false)
  const json = fc.letrec<{ any: Json; list: Json; object: Json }>((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 3 }) as fc.Arbitrary<Json>,
    object: fc.record(
      { a: tie('any'), b: tie('any'), sequence: leaf, ['__proto__']: leaf },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Json>,
  })).any
  const root = fc.record(
    { a: json, b: json, c: leaf },
    { requiredKeys: ['a', 'b'] },
  ) as fc.Arbitrary<JsonObject>

  const names = ['a', 'b', 'a', 'b', 'a', 'b', 'c', 'sequence', '`__proto__`']
  const one =
    'boolean not exists type keys spread merge sum count max min average string number length uppercase trim distinct reverse floor round abs'.split(
      ' ',
    )
  const two = 'append lookup join round substring power zip substringBefore pad merge string'.split(' ')
  const operators = '+ - * / % < <= > >= = != & in and or ?: ??'.split(' ')
  const literals = ['1', '0', '2.5', '-1', '""', '"x"', '"a"', '"["', 'true', 'false', 'null', '[]', '{}']
  const expression = fc.letrec<{ any: string; path: string }>((tie) => ({
    path: fc
      .tuple(
        fc.constantFrom(...names, '$', '$$'),
        fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, step(tie('any'))), {
          maxLength: 3,
        }),
      )
      .map(([first, rest]) => [first, ...rest].join('.')),
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...literals),
      tie('path'),
      tie('path'),
      fc
        .tuple(tie('any'), fc.constantFrom(...operators), tie('any'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc
        .tuple(tie('any'), tie('any'), tie('any'))
        .map(([test, then, otherwise]) => `(${test} ? ${then} : ${otherwise})`),
      fc.tuple(tie('any'), tie('any')).map(([test, then]) => `(${test} ? ${then})`),
      fc.array(tie('any'), { maxLength: 3 }).map((parts) => `[${parts.join(', ')}]`),
      constructed(tie('any')),
      tie('any').map((inner) => `-(${inner})`),
      fc.tuple(fc.constantFrom(...one), tie('any')).map(([name, arg]) => `$${name}(${arg})`),
      fc
        .tuple(fc.constantFrom(...two), tie('any'), tie('any'))
        .map(([name, left, right]) => `$${name}(${left}, ${right})`),
      fc.tuple(tie('any'), step(tie('any'))).map(([left, right]) => `(${left}).${right}`),
    ),
  })).any

  function constructed(any: fc.Arbitrary<string>): fc.Arbitrary<string> {
    return fc
      .array(any, { maxLength: 3 })
      .map((parts) => `{${parts.map((part, index) => `"${'ab1'[index]}": ${part}`).join(', ')}}`)
  }

  function step(any: fc.Arbitrary<string>): fc.Arbitrary<string> {
    return fc.oneof(
      any.map((inner) => `(${inner})`),
      constructed(any),
      fc.tuple(fc.constantFrom(...one), any).map(([name, arg]) => `$${name}(${arg})`),
      fc.constantFrom('$', '$string()', '$uppercase()', '$keys()', '$number()'),
    )
  }

  test.each([{ allowMissing: true }, { allowMissing: false }])(
    'what is found without jsonata is what jsonata finds: %o',
    async (options) => {
      let valued = 0
      const roots = fc.array(root, { minLength: 3, maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(expression, roots, async (source, several) => {
          fc.pre(parseExpression(source).ok)
          for (const data of several) {
            const found = await outcomeOf(() => directly(source, data, options))
            if (found === undefined) continue
            if (found !== null) valued++
            expect(JSON.stringify(found)).toBe(JSON.stringify(await byJsonata(source, data, options)))
          }
        }),
        { numRuns: 2_000 },
      )
      expect(valued).toBeGreaterThan(1_000)
    },
  )
})
