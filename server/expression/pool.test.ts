import { afterAll, describe, expect, test } from 'vitest'
import { ExpressionError } from '@/flow/expression/error'
import { createExpressionEvaluator } from './pool'

const { evaluate, close } = createExpressionEvaluator({ poolSize: 2 })
afterAll(close)

async function codeOf(source: string, root = {}): Promise<string> {
  const error = await evaluate(source, root).then(
    (value) => expect.fail(`It yielded ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ExpressionError)
  return (error as ExpressionError).code
}

/** The pool is well when the next loop runs as if nothing had been. */
async function expectHealthy(): Promise<void> {
  expect(await evaluate('$map([1, 2], function($n){ $n * 2 })', {})).toEqual([2, 4])
}

describe('an expression', () => {
  test('that is plain yields its value', async () => {
    expect(await evaluate('trigger.a + 1', { trigger: { a: 1 } })).toBe(2)
  })

  test('with a loop yields its value from a thread', async () => {
    const root = { trigger: { items: [{ n: 1 }, { n: 2 }] }, steps: { a: { rate: 10 }, b: 'left out' } }
    const source = '$map(trigger.items, function($item){ $item.n * steps.a.rate })'
    expect(await evaluate(source, root)).toEqual([10, 20])
  })

  test('with a regular expression yields its value from a thread', async () => {
    expect(await evaluate('$match(trigger, /b+/)[0].match', { trigger: 'abbc' })).toBe('bb')
  })

  test('reads the time that it is given, on a thread too', async () => {
    const now = Date.parse('2026-01-02T03:04:05Z')
    expect(await evaluate('$map([1], function($n){ $now() })', {}, { now })).toEqual(
      '2026-01-02T03:04:05.000Z',
    )
  })

  test('fails with the code and the place that it fails with here', async () => {
    const source = '$map(steps.gone.x, function($x){ $x })'
    const error = await evaluate(source, { steps: { there: 1 } }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'reference_missing', at: 5 })
    expect(await codeOf('$map([1], function($x){ $x + "a" })')).toBe('expression_failed')
    expect(await codeOf('$map([1], function($x){ trigger.none })', { trigger: {} })).toBe('reference_missing')
  })
})

test('a pattern that would never return elsewhere answers at once', async () => {
  expect(await evaluate('$contains($pad("", 100000, "a"), /^(a+)+$/)', {})).toBe(true)
  expect(await evaluate('$contains($pad("", 100000, "a") & "!", /^(a+)+$/)', {})).toBe(false)
})

describe('an expression that runs away', () => {
  test.each([
    ['an endless tail call', '($f := function($n){ $f($n + 1) }; $f(1))'],
    ['an endless recursion', '($f := function($n){ 1 + $f($n + 1) }; $f(1))'],
    ['a signature that backtracks', `function($x)<${'s+'.repeat(12)}:x>{1}(${'"a",'.repeat(60)}1)`],
    ['a doubling list', '$reduce([1..100], function($a, $i){ $append($a, $a) }, [1])'],
    ['a doubling text', '$reduce([1..100], function($a, $i){ $a & $a }, "x")'],
  ])('by %s ends, and the next one runs', async (_, source) => {
    const code = await codeOf(source)
    expect(['expression_limit', 'expression_failed']).toContain(code)
    await expectHealthy()
  })

  test('does not hold up the others for longer than it lives', async () => {
    const endless = '($f := function($n){ $f($n + 1) }; $f(1))'
    const all = await Promise.allSettled([
      evaluate(endless, {}, { timeoutMs: 300 }),
      evaluate(endless, {}, { timeoutMs: 300 }),
      evaluate(endless, {}, { timeoutMs: 300 }),
      evaluate('$map([1], function($n){ $n })', {}),
    ])
    expect(all.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
  })
})

test('a closed evaluator refuses threads and still evaluates what is plain', async () => {
  const own = createExpressionEvaluator({ poolSize: 1 })
  await own.close()
  await expect(own.evaluate('$map([1], function($n){ $n })', {})).rejects.toThrow('closed')
  expect(await own.evaluate('1 + 1', {})).toBe(2)
})
