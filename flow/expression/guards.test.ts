import { describe, expect, test } from 'vitest'
import { expressionsOn } from '../fixtures/expressions'
import type { JsonObject } from '../json'
import { ExpressionError } from './error'
import { evaluateExpression } from './evaluate'

const root = { input: { a: 1 } }
const { value, failure, codeOf } = expressionsOn(root)

describe('an expression that would end the process elsewhere', () => {
  const doubling = (start: string, double: string) =>
    `(${Array.from({ length: 60 }, (_, i) => `$v${i + 1} := ${double.replaceAll('X', `$v${i}`)}`).reduce(
      (source, step) => `${source}; ${step}`,
      `$v0 := ${start}`,
    )}; $v60)`
  const chain = (last: string, double: string) =>
    doubling('[[1],[2]]', double).replace(/\$v60\)$/, `${last})`)

  test.each([
    ['a huge pad', '$pad("x", 3e8)'],
    ['a huge pad to the left', '$pad("x", -3e8)'],
    ['a huge pad with a long filler', '$pad("x", 4000000, "0123456789")'],
    ['a pad in a partial application', '($wide := $pad(?, 3e8); $wide("x"))'],
    ['many pads', '$map([1..10000], function($n){ $pad("x", 1000000) })'],
    ['a wide date', '$fromMillis(0, "[Y,300000000]")'],
    ['a wide date now', '$now("[Y,300000000-300000000]")'],
    ['a large range', '[1..10000000]'],
    ['ranges in ranges', '[1..10000].[1..10000]'],
    ['ranges by a loop', '$map([1..10000], function($n){ [1..10000] })'],
    ['a doubling text', doubling('"x"', 'X & X')],
    ['a doubling text in a path', `("x")${'.($ & $)'.repeat(60)}`],
    ['a doubling join', doubling('"x"', '$join([X, X])')],
    ['a doubling list', doubling('[1]', '$append(X, X)')],
    ['a doubling replace', doubling('"xx"', '$replace(X, "x", X)')],
    ['a doubling object', doubling('{"a": 1}', '{"l": X, "r": X}')],
    ['a doubling object as text', `${doubling('{"a": 1}', '{"l": X, "r": X}').slice(0, -1)}; $string($v60))`],
    ['a comparison of doubled lists', chain('$v60 = $v59', '[[X], [X]]')],
    ['a truth of doubled lists', chain('$v60 ? 1 : 2', '[[X], [X]]')],
    ['a flattening of doubled lists', chain('{"a": $v60}.*', '[[X], [X]]')],
    ['distinct of doubled objects', chain('$distinct([$v60, $v59])', '{"l": X, "r": X}')],
    ['roman numerals without end', '$formatInteger(1e15, "I")'],
    ['deep brackets', `${'['.repeat(600)}${']'.repeat(600)}`],
    ['deep parentheses', '('.repeat(4_900)],
    ['defaults in defaults', `${'('.repeat(900)}a${' ?: 1)'.repeat(900)}`],
    ['coalescing in coalescing', `${'('.repeat(60)}a${' ?? 1)'.repeat(60)}`],
    ['too long a source', `"${'x'.repeat(5_000)}"`],
    ['a result past its size', '$pad("", 2000000, "x")'],
    ['a long regular expression', '$match("x", /(((((a{1,500}){1,500}){1,500}){1,500}){1,500})/)'],
  ])('ends by a limit: %s', { timeout: 20_000 }, async (_, source) => {
    const error = await failure(source, root, { timeoutMs: 15_000 })
    expect(['expression_limit', 'expression_syntax']).toContain(error.code)
    expect(error.reason, 'ended by the clock only').not.toBe('D1012')
    if (error.code === 'expression_syntax') expect(source).toContain('/(')
    expect(error.message.length).toBeLessThan(600)
  })

  test.each([
    ['an endless tail call', '($f := function($n){ $f($n + 1) }; $f(1))'],
    ['an endless recursion', '($f := function($n){ 1 + $f($n + 1) }; $f(1))'],
    ['an endless branching', '($f := function($n){ [$f($n + 1), $f($n + 1)] }; $f(1))'],
    ['an endless map', '($f := function($n){ $map([1, 2], function($x){ $f($x) }) }; $f(1))'],
  ])('ends by the clock or the stack: %s', async (_, source) => {
    expect((await failure(source, root, { timeoutMs: 200 })).code).toBe('expression_limit')
  })

  test('one is not charged for the time of others beside it', async () => {
    const busy = '$sum([1..10000].($ * 2))'
    const alone = performance.now()
    await evaluateExpression(busy, {})
    const onceMs = performance.now() - alone
    const timeoutMs = Math.max(300, Math.ceil(onceMs * 20))
    const all = Array.from({ length: Math.ceil((2 * timeoutMs) / onceMs) }, () =>
      evaluateExpression(busy, {}, { timeoutMs }),
    )
    expect(new Set(await Promise.all(all))).toEqual(new Set([100_010_000]))
  })

  test.each([
    ['alternatives that overlap', '$contains(input, /^(a|a)+$/)'],
    ['repeats of repeats', '$contains(input, /^(a+)+$/)'],
    ['repeats of anything', '$contains(input, /(.*)*b/)'],
    ['dates that backtrack', '$toMillis("111111111111111111111111111111111x", "[Y]1[M]1[D]1[H]")'],
  ])('answers at once: %s', async (_, source) => {
    const started = performance.now()
    await evaluateExpression(source, { input: `${'a'.repeat(50_000)}!` })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('does not reach the machine', async () => {
    for (const source of [
      '$constructor',
      '"x".constructor',
      'input.constructor.constructor("return process")()',
      'input.__proto__.polluted',
      '$string.constructor',
      '$eval("1")',
      '($e := $eval; $e("1"))',
      '"1" ~> $eval',
    ]) {
      const result = await value(source, { allowMissing: true }).catch((error: unknown) => error)
      expect(result === null || result instanceof ExpressionError, source).toBe(true)
    }
  })

  test('cannot reach prototypes by names that are data', async () => {
    const hostile = JSON.parse(
      '{"input": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "k": "__proto__", "a": 1}}',
    ) as JsonObject
    expect(Object.keys((await evaluateExpression('input', hostile)) as object)).toEqual(['k', 'a'])
    expect(await evaluateExpression('{input.k: {"polluted": 1}, "b": 2}', hostile)).toEqual({ b: 2 })
    expect(await evaluateExpression('$merge([input, {"b": 2}])', hostile)).toEqual({
      k: '__proto__',
      a: 1,
      b: 2,
    })
    expect(({} as JsonObject).polluted).toBeUndefined()
  })

  test('a constructor that is mere data stays', async () => {
    expect(await evaluateExpression('input', { input: { constructor: 'Ferrari' } })).toEqual({
      constructor: 'Ferrari',
    })
  })

  test('data that poses as a function is nothing to call', async () => {
    const hostile = { input: { _jsonata_lambda: true, arguments: [], body: { type: 'number', value: 1 } } }
    expect(await codeOf('input()', hostile)).toBe('expression_failed')
    expect(await evaluateExpression('input', hostile)).toEqual(hostile.input)
    expect(await codeOf('input.body', hostile)).toBe('reference_missing')
  })
})

describe('large but honest work', { timeout: 60_000 }, () => {
  const items = Array.from({ length: 5_000 }, (_, index) => ({
    id: `k${index}`,
    price: index % 7,
    tag: `t${index % 3}`,
  }))
  const large = { trigger: { items } }
  /** A busy machine must not fail what is about size. */
  const patient = { timeoutMs: 30_000 }

  test('a group-by over thousands of keys', async () => {
    const groups = await evaluateExpression('trigger.items{id: $sum(price) + 1}', large, patient)
    expect(Object.keys(groups as object)).toHaveLength(5_000)
  })

  test('an object of many names', async () => {
    const fewer = Array.from({ length: 250 }, (_, index) => `"n${index}":1+1`).join(',')
    expect(Object.keys((await evaluateExpression(`{${fewer}}`, large, patient)) as object)).toHaveLength(250)
  })

  test('distinct and sort over thousands of items', async () => {
    expect(await evaluateExpression('$count($distinct(trigger.items))', large, patient)).toBe(5_000)
    expect(await evaluateExpression('$sort($distinct(trigger.items.tag))', large, patient)).toEqual([
      't0',
      't1',
      't2',
    ])
    expect(await evaluateExpression('$sort(trigger.items.price)[0]', large, patient)).toBe(0)
  })

  test('a text of a mebibyte is read, a larger result is refused', async () => {
    const text = 'x'.repeat(1024 * 1024 * 2)
    expect(await evaluateExpression('$length(input)', { input: text })).toBe(text.length)
    expect(await codeOf('input', { input: text })).toBe('expression_limit')
  })
})
