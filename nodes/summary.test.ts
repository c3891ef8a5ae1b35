import { expect, test } from 'vitest'
import { definition as code } from './code/definition'
import { oneLine } from './summary'

test.each([
  ['{\n  "risk": steps.read.risk\n}', '{ "risk": steps.read.risk }'],
  ['  plain ', 'plain'],
  [{ customer: '${ input.name }', offer: 10 }, 'customer, offer'],
  [['a', 1], '["a",1]'],
  [7, '7'],
  [null, ''],
  [undefined, ''],
  ['x'.repeat(100), `${'x'.repeat(79)}…`],
])('%j is shown as %j', (value, line) => {
  expect(oneLine(value)).toBe(line)
})

test('code is shown from behind what it says about itself', () => {
  const source = '// Sample data.\n// Replace it.\nreturn { n: 1 }'
  expect(code.summary?.({ source })).toBe('return { n: 1 }')
})
