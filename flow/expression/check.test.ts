import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { nodeSchema } from '../document'
import { expression, text } from '../field'
import { checkExpression, expressionProblems, type CheckScope } from './check'
import './re2'

const scope: CheckScope = {
  nodeIds: new Set(['assess', 'notify', 'later', 'customer']),
  upstreamIds: new Set(['assess', 'customer']),
  container: false,
  afterError: false,
}

function found(source: string, more: Partial<CheckScope> = {}): string[] {
  return checkExpression(source, { ...scope, ...more }).map(
    (one) => `${one.severity} ${one.code} ${source.slice(one.from, one.to)}`,
  )
}
function sentence(source: string, more: Partial<CheckScope> = {}): string {
  return checkExpression(source, { ...scope, ...more })[0]?.message ?? ''
}

describe('checkExpression', () => {
  test.each([
    'input.amount > 100',
    'steps.assess.risk',
    'trigger.lines.(price * qty)',
    'steps.assess.items[later = 1]',
    '$map(input, function($v, $i){ $v + $i })',
    'input@$a.trigger#$i.{"a": $a, "i": $i}',
    'steps.later.x ?: 0',
    '$exists(steps.later)',
    '$exists(item)',
    'error.code ?: "none"',
    'run.steps.assess.status',
    'items.name ~> $join(", ")'.replace('items', 'input'),
  ])('has nothing to say of %s', (source) => {
    expect(found(source)).toEqual([])
  })

  test.each([
    ['1 +', ['error expression_syntax +']],
    ['(1', ['error expression_syntax 1']],
    ['1 2', ['error expression_syntax 2']],
    ['a == b', ['error expression_syntax ==']],
    ['"abc', ['error expression_syntax "abc']],
    ['$match(input, /(?=a)b/)', ['error expression_syntax /(?=a)b/']],
    ['$match(input, /(a)\\1/)', ['error expression_syntax /(a)\\1/']],
    ['$eval("1")', ['error expression_syntax $eval']],
    [`"${'x'.repeat(5000)}"`, [`error expression_limit "${'x'.repeat(5000)}"`]],
    ['customers.id', ['error reference_unknown customers.id']],
    ['$.nothing', ['error reference_unknown $.nothing']],
    ['steps.asess.risk', ['error reference_unknown asess']],
    ['run.steps.nobody.status', ['error reference_unknown nobody']],
    ['$lookup(steps, "nobody")', ['error reference_unknown "nobody"']],
    ['steps.nobody ?: 1', ['error reference_unknown nobody']],
    ['steps.later.x', ['warning reference_not_upstream later']],
    [
      'input.(steps.assess & $$.steps.later)',
      ['warning expression_slip steps.assess', 'warning reference_not_upstream later'],
    ],
    ['item.x', ['error reference_unknown item.x']],
    ['index', ['error reference_unknown index']],
    ['error.code', ['warning reference_unknown error.code']],
    ['secrets.T', ['error secret_not_allowed secrets.T']],
    ['$uper(input)', ['error function_unknown $uper']],
    ['$constructor(input)', ['error function_unknown $constructor']],
    ['count(input)', ['error function_unknown count']],
    ['$x + 1', ['error function_unknown $x']],
    ['input.name + "!"', ['warning expression_slip +']],
    ['input.items.length', ['warning expression_slip length']],
    ['input.a = null', ['warning expression_slip = null']],
    ['result.x', ['error reference_unknown result.x']],
  ])('of %s says %j', (source, expected) => {
    expect(found(source)).toEqual(expected)
  })

  test('knows what is there in its place', () => {
    expect(found('item.x + index', { container: true })).toEqual([])
    expect(found('error.code', { afterError: true })).toEqual([])
    expect(found('secrets.T', { secret: true })).toEqual([])
    expect(found('result.x', { names: ['result'] })).toEqual([])
    expect(found('steps.later.x', { upstreamIds: undefined })).toEqual([])
  })

  test('names the remedy', () => {
    expect(sentence('steps.asess.risk')).toContain('`assess`')
    expect(sentence('customer.id')).toContain('`steps.customer`')
    expect(sentence('triger.id')).toContain('`trigger`')
    expect(sentence('count(input)')).toContain('`$count(…)`')
    expect(sentence('$upercase(input)')).toContain('`$uppercase`')
    expect(sentence('input.(steps.assess.x)')).toContain('`$$.steps.assess.x`')
    expect(sentence('foo')).toContain('in quotes')
    expect(sentence('(1')).toContain('`)` is missing')
  })

  test('never throws, and stays within the source', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        for (const one of checkExpression(source, scope)) {
          expect(one.from).toBeGreaterThanOrEqual(0)
          expect(one.to).toBeLessThanOrEqual(source.length)
          expect(one.message).not.toBe('')
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('expressionProblems', () => {
  const definition = { config: z.strictObject({ text: text().optional(), when: expression().optional() }) }
  const problems = (node: object) =>
    expressionProblems(nodeSchema.parse({ id: 'n', kind: 'k', ...node }), definition, scope)

  test('tells node, path and offsets in the string of the field', () => {
    const config = { text: 'Hi ${steps.nobody}', when: 'steps.nobody' }
    expect(problems({ config })).toMatchObject([
      { code: 'reference_unknown', node: 'n', path: ['config', 'text'], span: { from: 11, to: 17 } },
      { code: 'reference_unknown', node: 'n', path: ['config', 'when'], span: { from: 6, to: 12 } },
    ])
  })

  test('knows `result` in output and assign only', () => {
    expect(problems({ output: '${result.x}', assign: { a: '${result}' } })).toEqual([])
    expect(problems({ config: { when: 'result.x' } })).toMatchObject([{ code: 'reference_unknown' }])
  })

  test('tells a template that is not closed', () => {
    expect(problems({ config: { text: 'Hi ${input.id' } })).toMatchObject([
      { code: 'expression_syntax', span: { from: 3, to: 13 } },
    ])
  })
})
