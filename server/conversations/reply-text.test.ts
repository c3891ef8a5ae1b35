import { expect, test } from 'vitest'
import { replyText } from './reply-text'

test.each([
  ['  Hello  ', 'Hello'],
  [null, ''],
  [{}, ''],
  [42, '42'],
  [false, 'false'],
  [{ answer: 'Yes', score: 3 }, 'Yes'],
  [{ message: ' ', text: 'Here' }, 'Here'],
  [{ total: 3 }, '```\n{\n  "total": 3\n}\n```'],
  [[1], '```\n[\n  1\n]\n```'],
])('%j is said as %j', (output, text) => {
  expect(replyText(output)).toBe(text)
})
