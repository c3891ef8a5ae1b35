import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeRanks } from './merge'

const merged = (...lists: string[][]) => mergeRanks(lists, (item) => item)
const lists = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 }), { minLength: 1 })

test('what stands high in both lists comes before what is first in one alone', () => {
  expect(merged(['a', 'b'], ['c', 'b']).map(({ item }) => item)).toEqual(['b', 'a', 'c'])
})

test('the score is 1 for what is first everywhere', () => {
  expect(merged(['a', 'b'], ['a', 'c'])[0]).toEqual({ item: 'a', score: 1 })
  expect(merged(['a'], [])[0]).toEqual({ item: 'a', score: 0.5 })
})

test('of equals the one of the first list comes first', () => {
  expect(merged(['a'], ['b']).map(({ item }) => item)).toEqual(['a', 'b'])
})

test('each item of the lists is there once, with a score above 0 and at most 1, best first', () => {
  fc.assert(
    fc.property(lists, (given) => {
      const found = mergeRanks(given, (item) => item)
      expect(found.map(({ item }) => item).sort()).toEqual([...new Set(given.flat())].sort())
      found.forEach(({ score }, index) => {
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1 + 1e-9)
        expect(score).toBeLessThanOrEqual(found[index - 1]?.score ?? 2)
      })
    }),
  )
})

test('one list keeps its order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), (list) => {
      expect(mergeRanks([list], (item) => item).map(({ item }) => item)).toEqual(list)
    }),
  )
})
