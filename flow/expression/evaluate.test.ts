import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json'
import { ExpressionError } from './error'
import { evaluateExpression, resolveText, resolveValue, type EvaluateOptions } from './evaluate'

const root = {
  input: { amount: 120, tags: ['new', 'vip'], nothing: null },
  trigger: {
    customer: { id: 'c1', 'full name': 'Ada L.' },
    lines: [
      { sku: 'a', price: 3, qty: 2 },
      { sku: 'b', price: 20, qty: 1 },
    ],
    mixed: [1, { gift: true }],
    empty: [],
  },
  steps: { assess: { risk: 'high', score: 0.9 }, zero: 0, gone: null },
  state: {},
  run: { id: 'r1', steps: { assess: { status: 'completed' } } },
  vars: { region: 'eu' },
} satisfies JsonObject

function value(source: string, options?: EvaluateOptions): Promise<Json> {
  return evaluateExpression(source, root, options)
}

async function failure(
  source: string,
  at: unknown = root,
  options?: EvaluateOptions,
): Promise<ExpressionError> {
  const error = await evaluateExpression(source, at, options).then(
    (result) => expect.fail(`${source} yielded ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ExpressionError)
  return error as ExpressionError
}

async function codeOf(source: string, at: unknown = root): Promise<string> {
  return (await failure(source, at)).code
}

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

describe('a reference that leads nowhere', () => {
  test.each([
    'trigger.customer.nmae',
    'steps.missing',
    'steps.missing.value + 1',
    'trigger.lines.nothing',
    'trigger.lines[price > 10].nothing',
    'trigger.lines[0].nothing',
    'input.nothing.more',
    'input.amount.more',
    'customer.id',
    'item.x',
    '$$.steps.missing',
    '$.steps.missing',
    '{"a": steps.missing}',
    '[steps.missing]',
    '$string(steps.missing)',
    '$count(steps.missing)',
    'steps.missing.(a & b)',
    'steps.missing = null',
    'input.amount > 100 ? steps.missing : 1',
    'input.amount > 100 and steps.missing.x',
    'trigger.lines.($$.steps.missing & sku)',
    '$map([1], function($n){ steps.missing })',
    '( $step := steps.missing; 1 )',
    '$lookup(steps.missing, "x")',
    'vars.none ?: steps.missing',
  ])('fails: %s', async (source) => {
    expect(await codeOf(source)).toBe('reference_missing')
  })

  test.each<[string, Json]>([
    ['$exists(steps.missing)', false],
    ['$exists(steps.missing.x.y)', false],
    ['$not($exists(trigger.customer.nmae))', true],
    ['steps.missing ~> $exists()', false],
    ['steps.missing.x ?: 0', 0],
    ['steps.missing.x ?? "none"', 'none'],
    ['steps.a.x ?: steps.b.x ?: "none"', 'none'],
    ['(steps.missing.x + 1) ?: 7', 7],
    ['$sum(steps.missing.items.price) ?: 0', 0],
    ['$uppercase(steps.missing ?: "x")', 'X'],
    ['$exists(steps.missing) ? steps.missing.x : "none"', 'none'],
    ['$exists(steps.missing) and steps.missing.x > 3', false],
    ['true or steps.missing', true],
    ['input.amount > 1000 ? steps.missing : 1', 1],
    ['trigger.empty.price', null],
    ['$sum(trigger.empty.price)', null],
    ['trigger.empty[0].sku', null],
    ['trigger.mixed.gift', true],
    ['steps.gone', null],
    ['$lookup(steps, "missing")', null],
    ['trigger.lines.(nothing)', null],
    ['trigger.lines[nothing = 1]', null],
    ['*.nothing', null],
    ['( $step := steps; $step.missing )', null],
    ['trigger.empty.($$.steps.missing)', null],
  ])('but not where it may be missing: %s', async (source, expected) => {
    expect(await value(source)).toEqual(expected)
  })

  test('is named together with what is there and what to do', async () => {
    const error = await failure('1 + steps.assess.rsik')
    expect(error.message).toContain('`steps.assess.rsik` is missing')
    expect(error.message).toContain('risk, score')
    expect(error.message).toContain('?:')
    expect(error.at).toBe(4)
  })

  test('yields nothing when that is asked for', async () => {
    expect(await value('steps.missing.x', { allowMissing: true })).toBeNull()
    expect(await value('trigger.lines.($$.none & sku)', { allowMissing: true })).toEqual(['a', 'b'])
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
    ['an endless tail call', '($f := function($n){ $f($n + 1) }; $f(1))'],
    ['an endless recursion', '($f := function($n){ 1 + $f($n + 1) }; $f(1))'],
    ['an endless branching', '($f := function($n){ [$f($n + 1), $f($n + 1)] }; $f(1))'],
    ['an endless map', '($f := function($n){ $map([1, 2], function($x){ $f($x) }) }; $f(1))'],
    ['roman numerals without end', '$formatInteger(1e15, "I")'],
    ['deep brackets', `${'['.repeat(600)}${']'.repeat(600)}`],
    ['deep parentheses', '('.repeat(4_900)],
    ['defaults in defaults', `${'('.repeat(900)}a${' ?: 1)'.repeat(900)}`],
    ['coalescing in coalescing', `${'('.repeat(60)}a${' ?? 1)'.repeat(60)}`],
    ['too long a source', `"${'x'.repeat(5_000)}"`],
    ['a result past its size', '$pad("", 2000000, "x")'],
    ['a long regular expression', '$match("x", /(((((a{1,500}){1,500}){1,500}){1,500}){1,500})/)'],
  ])('ends by a limit: %s', { timeout: 20_000 }, async (_, source) => {
    const error = await failure(source)
    expect(['expression_limit', 'expression_syntax']).toContain(error.code)
    if (error.code === 'expression_syntax') expect(source).toContain('/(')
    expect(error.message.length).toBeLessThan(600)
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

describe('large but honest work', () => {
  const items = Array.from({ length: 5_000 }, (_, index) => ({
    id: `k${index}`,
    price: index % 7,
    tag: `t${index % 3}`,
  }))
  const large = { trigger: { items } }

  test('a group-by over thousands of keys', async () => {
    const groups = await evaluateExpression('trigger.items{id: $sum(price) + 1}', large)
    expect(Object.keys(groups as object)).toHaveLength(5_000)
  })

  test('an object of many names', async () => {
    const fewer = Array.from({ length: 250 }, (_, index) => `"n${index}":1+1`).join(',')
    expect(Object.keys((await evaluateExpression(`{${fewer}}`, large)) as object)).toHaveLength(250)
  })

  test('distinct and sort over thousands of items', async () => {
    expect(await evaluateExpression('$count($distinct(trigger.items))', large)).toBe(5_000)
    expect(await evaluateExpression('$sort($distinct(trigger.items.tag))', large)).toEqual(['t0', 't1', 't2'])
    expect(await evaluateExpression('$sort(trigger.items.price)[0]', large)).toBe(0)
  })

  test('a text of a mebibyte is read, a larger result is refused', async () => {
    const text = 'x'.repeat(1024 * 1024 * 2)
    expect(await evaluateExpression('$length(input)', { input: text })).toBe(text.length)
    expect(await codeOf('input', { input: text })).toBe('expression_limit')
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

describe('laws', () => {
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
      { numRuns: 1_500 },
    )
  }, 60_000)

  test('a value resolved without templates is itself', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (data) => {
        fc.pre(!JSON.stringify(data).includes('${'))
        expect(await resolveValue(data, root)).toEqual(data)
      }),
    )
  })
})
