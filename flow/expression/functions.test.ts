import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json'
import { evaluateExpression } from './evaluate'
import { functionList } from './function-list'

/** Evaluates with jsonata's own function and with ours. */
async function both(source: string, input: Json): Promise<{ theirs: unknown; ours: Json }> {
  const theirs: unknown = await jsonata(source).evaluate({ input })
  const ours = await evaluateExpression(source, { input }, { allowMissing: true })
  return { theirs: theirs === undefined ? null : JSON.parse(JSON.stringify(theirs)), ours }
}

async function expectSame(source: string, input: Json): Promise<void> {
  const { theirs, ours } = await both(source, input)
  expect(ours, source).toEqual(theirs)
}

describe('a guarded function yields what jsonata yields:', { timeout: 30_000 }, () => {
  test('$pad', async () => {
    const width = fc.integer({ min: -40, max: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        width,
        fc.string({ unit: 'grapheme', maxLength: 3 }),
        (text, columns, char) => expectSame('$pad(input[0], input[1], input[2])', [text, columns, char]),
      ),
    )
  })

  test('$distinct', async () => {
    const item = fc.oneof(
      fc.constantFrom<Json>(0, 1, '1', true, null, 'a', [], {}, [1], [[1]]),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    )
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 8 }), (list) =>
        expectSame('$distinct(input.list)', { list }),
      ),
    )
  })

  test('$distinct, names in any order', async () => {
    await expectSame('$distinct(input)', [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }])
  })

  test('$sort', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { maxLength: 20 }), (list) =>
        expectSame('$sort(input.list)', { list }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { maxLength: 20 }), (list) =>
        expectSame('$sort(input.list)', { list }),
      ),
    )
  })

  test('$replace and $join', async () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '$', '1') })
    await fc.assert(
      fc.asyncProperty(
        short,
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 2 }),
        short,
        async (text, pattern, other) => {
          await expectSame('$replace(input[0], input[1], input[2])', [text, pattern, other])
          await expectSame('$replace(input[0], input[1], input[2], 1)', [text, pattern, other])
          await expectSame('$join(input, input[1])', [text, pattern, other])
        },
      ),
    )
  })

  test.each([
    '$fromMillis(1711708830400)',
    '$fromMillis(1711708830400, "[Y0001]-[M01]-[D01] [H01]:[m01] [MNn] [F]")',
    '$fromMillis(1711708830400, "[Y,4-4]/[M,2]", "+0530")',
    '$toMillis("2026-03-29T10:20:30Z")',
    '$toMillis("29.03.2026", "[D01].[M01].[Y0001]")',
    '$toMillis("20260329102030", "[Y0001][M01][D01][H01][m01][s01]")',
    '$toMillis("March 3rd 2026", "[MNn] [D1o] [Y]")',
    '$formatNumber(1234.5, "#,##0.00")',
    '$formatInteger(1999, "I")',
    '$formatInteger(42, "w")',
    '$parseInteger("forty-two", "w")',
    '$string({"a": [1, 0.1 + 0.2], "f": $sum})',
    '$string([1, 2], true)',
    '$map(["a", "b"], $uppercase)',
    '($f := $substring(?, 0, 2); $f("abc"))',
    '($f := $pad(?, 5, "-"); $f("abc"))',
    '["a", "b"] ~> $join(",") ~> $uppercase()',
    '$split("a,b,,c", ",")',
    '$split("a1b2c", /[0-9]/)',
    '$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")',
    '$replace("abc", /b/, function($m){ $uppercase($m.match) })',
    '$match("ababbabbcc", /a(b+)/)',
    '$contains("abracadabra", /A.*A/i)',
    '$count($match("a\nb\nc", /^./m))',
    '"x" ~> /x/ ? "yes" : "no"',
    '$encodeUrlComponent("ä b")',
    '$base64decode($base64encode("ä"))',
    '$clone({"a": [1]})',
    '$number("0x1F")',
  ])('%s', async (source) => {
    await expectSame(source, null)
  })
})

describe('where jsonata errs', () => {
  test('a regular expression on the left of a default keeps its pattern', async () => {
    expect(await evaluateExpression('$match("a1", /[0-9]/).match ?: "none"', {})).toBe('1')
    expect(await evaluateExpression('$match("ab", /[0-9]/).match ?: "none"', {})).toBe('none')
    expect(await evaluateExpression('$match("a1", /[0-9]/).match ?? "none"', {})).toBe('1')
  })
})

test('every function that is listed is there, and no other but $eval', async () => {
  for (const name of Object.keys(functionList)) {
    expect(await evaluateExpression(`$type($${name})`, {}), name).toBe('function')
  }
  const { readFileSync } = await import('node:fs')
  const source = readFileSync(new URL('../../node_modules/jsonata/jsonata.js', import.meta.url), 'utf8')
  const theirs = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)'/g)].map((match) => match[1]!)
  expect(theirs.length).toBeGreaterThan(50)
  expect(theirs.filter((name) => !Object.hasOwn(functionList, name))).toEqual(['eval'])
})
