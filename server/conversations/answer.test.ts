import { expect, test } from 'vitest'
import type { JsonObject } from '@/flow/json'
import { answerOf } from './answer'

const ask = (rest: { schema?: JsonObject; choices?: string[] }) => ({
  step: 'a',
  seq: 1,
  title: 'What?',
  ...rest,
})

test('a text is the answer as it stands', () => {
  expect(answerOf(ask({}), ' Hello ')).toEqual({ answer: ' Hello ' })
  expect(answerOf(ask({ schema: { type: 'string' } }), 'Hello')).toEqual({ answer: 'Hello' })
})

test.each([
  [{ type: 'integer' }, '12', 12],
  [{ type: 'number' }, '€ 1,250.50', 1250.5],
  [{ type: 'boolean' }, 'Yes please', true],
  [{ type: 'boolean' }, 'no', false],
  [{ type: 'object' }, '{"a": 1}', { a: 1 }],
])('what fits %j is read from a text', (schema, text, answer) => {
  expect(answerOf(ask({ schema }), text)).toEqual({ answer })
})

test.each([
  [{ type: 'integer' }, 'twelve'],
  [{ type: 'integer', maximum: 10 }, '12'],
  [{ type: 'boolean' }, 'perhaps'],
  [{ type: 'object' }, '{"a": '],
])('what does not fit %j is refused in words', (schema, text) => {
  expect(answerOf(ask({ schema }), text)).toEqual({ refusal: expect.stringContaining('Please try again') })
})

test('one of several choices is meant however it is written', () => {
  const choices = ['approved', 'rejected']
  expect(answerOf(ask({ choices }), 'Approved.')).toEqual({ answer: 'approved' })
  expect(answerOf(ask({ choices }), 'maybe')).toEqual({
    refusal: 'Please answer with **approved** or **rejected**.',
  })
})
