import { describe, expect, it } from 'vitest'
import { glimpse, memberPath, tableOf } from './value-path'

describe('value paths', () => {
  it('reads as an expression does', () => {
    expect(memberPath('steps.fetch', 'body')).toBe('steps.fetch.body')
    expect(memberPath('input', 0)).toBe('input[0]')
    expect(memberPath('input', 'a-b c')).toBe('input.`a-b c`')
  })

  it('shows small values whole and large ones by size', () => {
    expect(glimpse('Globex')).toBe('"Globex"')
    expect(glimpse(null)).toBe('null')
    expect(glimpse([1, 2])).toBe('2 items')
    expect(glimpse({ a: 1 })).toBe('1 field')
  })

  it('makes a table of a list of objects, with every field that one of them has', () => {
    expect(tableOf([{ a: 1 }, { b: 2 }])).toEqual({
      columns: ['a', 'b'],
      rows: [
        [1, null],
        [null, 2],
      ],
    })
    expect(tableOf({ a: 1 })).toEqual({ columns: ['field', 'value'], rows: [['a', 1]] })
    expect(tableOf([1, 2])).toBeNull()
    expect(tableOf('text')).toBeNull()
  })
})
