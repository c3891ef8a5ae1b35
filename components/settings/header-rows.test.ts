import { expect, test } from 'vitest'
import { anotherRow, headersOf, headersProblem, storedRows } from './header-rows'

test('a stored header stays, is replaced or goes, and others come', () => {
  const [kept, replaced] = storedRows(['Authorization', 'X-Team', 'X-Gone'])
  if (!kept || !replaced) throw new Error('Rows are missing.')
  const added = { ...anotherRow([kept, replaced]), name: ' X-New ', value: 'new' }
  expect(headersOf([kept, { ...replaced, value: 'blue' }, added])).toEqual({
    Authorization: null,
    'X-Team': 'blue',
    'X-New': 'new',
  })
})

test('a row in which nothing is written is no header', () => {
  const first = anotherRow([])
  expect(first.name).toBe('Authorization')
  expect(headersOf([{ ...first, name: '' }])).toEqual({})
})

test('rows keep their keys apart, also after one was taken away', () => {
  const rows = storedRows(['A', 'B', 'C']).slice(1)
  expect(rows.map(({ key }) => key)).not.toContain(anotherRow(rows).key)
})

test('a name is there once, however it is written', () => {
  const rows = storedRows(['X-Team'])
  expect(headersProblem(rows)).toBeNull()
  expect(headersProblem([...rows, { ...anotherRow(rows), name: 'x-team ' }])).toBe('x-team is there twice.')
  expect(headersProblem([...rows, anotherRow(rows), anotherRow(rows)])).toBeNull()
})
