import { describe, expect, test } from 'vitest'
import { compiledOf } from './evaluate'
import { prunedRoot } from './prune'

const root = { input: 1, trigger: { a: 1 }, steps: { a: 1, b: 2 }, vars: {}, run: { steps: { a: {} } } }

describe('prunedRoot', () => {
  test.each([
    ['input + 1', { input: 1 }],
    ['steps.a + input', { steps: { a: 1 }, input: 1 }],
    ['steps.a + steps.b', { steps: { a: 1, b: 2 } }],
    ['steps.a + $count($keys(steps))', { steps: root.steps }],
    ['$keys(steps) & steps.a', { steps: root.steps }],
    ['steps.none ?: 1', { steps: {} }],
    ['$lookup(steps, "b")', { steps: { b: 2 } }],
    ['run.steps.a', { run: root.run }],
    ['nothing ?: 1', {}],
    ['1', {}],
    ['$$', root],
    ['*', root],
    ['input@$i.trigger', root],
  ])('keeps of the root what %s reads', (source, expected) => {
    expect(prunedRoot(compiledOf(source), root)).toEqual(expected)
  })

  test('leaves the root as it is', () => {
    const before = structuredClone(root)
    prunedRoot(compiledOf('steps.a + steps & steps.b'), root)
    expect(root).toEqual(before)
  })

  test('takes roots that are no objects as they are', () => {
    expect(prunedRoot(compiledOf('a'), [1])).toEqual([1])
  })
})
