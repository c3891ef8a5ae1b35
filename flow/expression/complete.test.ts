import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json'
import { completionsAt } from './complete'

const sample: JsonObject = {
  input: { amount: 120, 'full name': 'Ada', lines: [{ sku: 'a' }, { sku: 'b', price: 2 }] },
  trigger: { customer: { id: 'c1', tier: 'gold' } },
  steps: { assess: { risk: 'high', score: 0.9 }, ask: 'yes' },
  state: {},
}

/** Labels at the | in a source. */
function labels(marked: string): string[] {
  return completions(marked).map((one) => one.label)
}
function completions(marked: string) {
  const offset = marked.indexOf('|')
  return completionsAt(marked.replace('|', ''), offset, sample)
}

describe('completionsAt', () => {
  test.each<[string, string[]]>([
    ['steps.|', ['assess', 'ask']],
    ['steps.as|', ['assess', 'ask']],
    ['steps.assess.|', ['risk', 'score']],
    ['1 + steps.assess.s|', ['score']],
    ['$$.trigger.customer.|', ['id', 'tier']],
    ['input.lines.|', ['sku', 'price']],
    ['input.lines[0].p|', ['price']],
    ['input.lines[sku = "a"].p|', ['price']],
    ['input.lines[p|', ['price']],
    ['input.lines[sku = "a" and p|', ['price']],
    ['input.lines.(p|', ['price']],
    ['input.lines.{"x": p|', ['price']],
    ['input.lines^(p|', ['price']],
    ['input.f|', ['`full name`']],
    ['input.amount a|', ['and']],
    ['steps.ask.|', []],
    ['"inp|', []],
    ['12|', []],
    ['/* inp|', []],
  ])('knows what may follow in %s', (marked, expected) => {
    expect(labels(marked).filter((label) => !label.startsWith('$'))).toEqual(expected)
  })

  test('begins with the names at the root, then functions', () => {
    const all = labels('|')
    expect(all.slice(0, 4)).toEqual(['input', 'trigger', 'steps', 'state'])
    expect(all).toContain('$sum')
    expect(labels('tr|')).toContain('trigger')
    expect(labels('$string(st|')).toEqual(expect.arrayContaining(['steps', 'state']))
  })

  test('knows functions by their beginning, with or without $', () => {
    expect(labels('$upp|')).toEqual(['$uppercase'])
    expect(labels('upp|')).toEqual(['$uppercase'])
    expect(labels('$eva|')).toEqual([])
  })

  test('knows variables of the expression itself', () => {
    expect(labels('($rate := 2; $ra|')).toEqual(['$rate', '$random'])
  })

  test('tells where to put it and what it is', () => {
    expect(completions('1 + steps.assess.sc|')).toEqual([{ label: 'score', detail: '0.9', from: 17 }])
    expect(completions('input.l|')[0]?.detail).toBe('list of 2 items')
    expect(completions('$upp|')[0]?.from).toBe(0)
  })

  test('every name that it offers leads somewhere', () => {
    const names = completionsAt('steps.', 6, {
      steps: JSON.parse('{"constructor": 1, "a b": 2, "in": 3}') as JsonObject,
    })
    expect(names.map((one) => one.label)).toEqual(['constructor', '`a b`', '`in`'])
  })

  test('never throws', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(80), (source, offset) => {
        for (const one of completionsAt(source, Math.min(offset, source.length), sample)) {
          expect(one.from).toBeLessThanOrEqual(offset)
        }
      }),
      { numRuns: 400 },
    )
  })
})
