import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json'
import { ExpressionError } from './error'
import { evaluateExpression } from './evaluate'

/** jsonata's own cases, MIT: see the licence beside the file. */
interface Case {
  group: string
  case: string
  expr: string
  data?: Json
  dataset?: string | null
  bindings?: Record<string, Json>
  result?: Json
  undefinedResult?: boolean
  unordered?: boolean
  code?: string
  error?: { code: string }
}
const suite = JSON.parse(
  readFileSync(new URL('../fixtures/jsonata/test-suite.json', import.meta.url), 'utf8'),
) as { datasets: Record<string, Json>; cases: Case[] }

/** What we refuse or do otherwise on purpose, by group and case, with the code that we end with instead. */
const refusals: { reason: string; code: string | null; cases: string[] }[] = [
  {
    reason: '$eval is removed: what it makes could not be checked, renamed or bounded.',
    code: 'expression_syntax',
    cases: [
      ...['0', '1', '2', '3', '4', '5', '6', '7'].map((n) => `function-eval/case00${n}`),
      ...['0', '1', '2', '3'].map((n) => `function-eval/case008#${n}`),
    ],
  },
  {
    reason: 'A list holds at most 10,000 items.',
    code: 'expression_limit',
    cases: ['flattening/large#0', 'flattening/large#1', 'range-operator/case021', 'range-operator/case024'],
  },
  {
    reason: 'Unclosed comments, texts and names are found before the parser runs, by our own tokenizer.',
    code: 'expression_syntax',
    cases: ['comments/case002', 'errors/case002', 'errors/case003'],
  },
  {
    reason: 'The case asks its own runner for a smaller stack than ours.',
    code: null,
    cases: ['tail-recursion/case002'],
  },
  {
    reason: 'Endless recursion ends by our limits, not by the runner of the case.',
    code: 'expression_limit',
    cases: ['tail-recursion/case005', 'tail-recursion/case006'],
  },
]
const refusalOf = new Map(refusals.flatMap((one) => one.cases.map((name) => [name, one] as const)))

/** Variables from outside are no part of our expressions; a case that has some is told them by `:=`. */
function sourceOf({ expr, bindings = {} }: Case): string {
  const binds = Object.entries(bindings).map(([name, value]) => `$${name} := ${JSON.stringify(value)}`)
  return binds.length > 0 ? `(${[...binds, expr].join('; ')})` : expr
}

async function outcomeOf(one: Case): Promise<{ value: Json } | { error: ExpressionError }> {
  const data = one.dataset ? suite.datasets[one.dataset] : one.data
  try {
    // The two cases on speed compare 65,536 rows; a busy machine must not fail them.
    return { value: await evaluateExpression(sourceOf(one), data, { allowMissing: true, timeoutMs: 20_000 }) }
  } catch (error) {
    if (error instanceof ExpressionError) return { error }
    throw error
  }
}

function sorted(value: Json | undefined): Json | undefined {
  return Array.isArray(value)
    ? [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : value
}

const kept = suite.cases.filter((one) => !refusalOf.has(nameOf(one)))
const groups = [...new Set(kept.map((one) => one.group))].map(
  (group) => [group, kept.filter((one) => one.group === group)] as const,
)
function nameOf(one: Case): string {
  return `${one.group}/${one.case}`
}

describe('the upstream suite, evaluated with our guards', () => {
  test.each(groups)('passes in %s', { timeout: 30_000 }, async (_, cases) => {
    for (const one of cases) {
      const outcome = await outcomeOf(one)
      const wanted = one.code ?? one.error?.code
      const got = 'value' in outcome ? outcome.value : `${outcome.error.reason} ${outcome.error.message}`
      const about = `${nameOf(one)}: ${one.expr.slice(0, 200)}`
      if (wanted) {
        expect('error' in outcome ? outcome.error.reason : got, about).toBe(wanted)
      } else if (one.unordered) {
        expect(sorted('value' in outcome ? outcome.value : got), about).toEqual(sorted(one.result))
      } else {
        const result = one.undefinedResult ? null : (one.result ?? null)
        expect('value' in outcome && isDeepStrictEqual(outcome.value, result) ? result : got, about).toEqual(
          result,
        )
      }
    }
  })

  test.each(refusals)(
    'but not where we do otherwise: $reason',
    { timeout: 30_000 },
    async ({ code, cases }) => {
      for (const name of cases) {
        const one = suite.cases.find((candidate) => nameOf(candidate) === name)
        expect(one, name).toBeDefined()
        const outcome = await outcomeOf(one!)
        expect('error' in outcome ? outcome.error.code : null, name).toBe(code)
      }
    },
  )

  test('is all there', () => {
    expect(suite.cases.length).toBe(1686)
    expect(refusalOf.size).toBeLessThan(25)
  })
})
