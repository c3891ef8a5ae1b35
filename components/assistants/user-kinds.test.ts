import { expect, test } from 'vitest'
import { readUserKinds } from './user-kinds'

test.each([
  ['', []],
  [' premium ,gold,, premium', ['premium', 'gold']],
  ['two words', null],
  ['a'.repeat(65), null],
])('%j is read as %j', (text, kinds) => {
  expect(readUserKinds(text)).toEqual(kinds)
})
