import { describe, expect, test } from 'vitest'
import { expressionsOn, orderRoot } from '../fixtures/expressions'
import type { Json } from '../json'

const { value, failure, codeOf } = expressionsOn(orderRoot)

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
