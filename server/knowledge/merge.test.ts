import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeRanks } from './merge'

const merged = (...lists: string[][]) => mergeRanks(lists, (item) => item)
const orderOf = (...lists: string[][]) => merged(...lists).map(({ items: [item] }) => item)
const lists = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 }), { minLength: 1 })

test('what stands high in both lists comes before what is first in one alone', () => {
  expect(orderOf(['a', 'b'], ['c', 'b'])).toEqual(['b', 'a', 'c'])
})

test('what is first everywhere is worth 1, and comes as each list has it', () => {
  expect(merged(['a', 'b'], ['a', 'c'])[0]).toEqual({ items: ['a', 'a'], worth: 1 })
  expect(merged(['a'], [])[0]).toEqual({ items: ['a'], worth: 0.5 })
})

test('of equals the one of the first list comes first', () => {
  expect(orderOf(['a'], ['b'])).toEqual(['a', 'b'])
})

test('each item of the lists is there once, worth more than 0 and at most 1, best first', () => {
  fc.assert(
    fc.property(lists, (given) => {
      const found = merged(...given)
      expect(orderOf(...given).sort()).toEqual([...new Set(given.flat())].sort())
      found.forEach(({ worth }, index) => {
        expect(worth).toBeGreaterThan(0)
        expect(worth).toBeLessThanOrEqual(1 + 1e-9)
        expect(worth).toBeLessThanOrEqual(found[index - 1]?.worth ?? 2)
      })
    }),
  )
})

test('one list keeps its order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), (list) => {
      expect(orderOf(list)).toEqual(list)
    }),
  )
})
