import { expect, test } from 'vitest'
import { countWords, idOf, sizeWords } from './size-words'

test.each([
  [999, '999 B'],
  [12_400, '12 KB'],
  [3_450_000, '3.5 MB'],
])('%i bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words))

test('counts are in the singular when they should be', () => {
  expect([countWords(1, 'passage'), countWords(1_200, 'passage')]).toEqual(['1 passage', '1,200 passages'])
})

test.each([
  ['Employee handbook 2026', 'employee_handbook_2026'],
  ['  3 Größen & Über!', 'großen_uber'.replace('ß', '_')],
  ['返品', 'documents'],
])('%s is the id %s', (name, id) => expect(idOf(name)).toBe(id))
