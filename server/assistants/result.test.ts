import { describe, expect, test } from 'vitest'
import type { Json } from '@/flow/json'
import { parseArguments } from './arguments'
import { resultOf, type CalledRun } from './result'

const run: CalledRun = {
  id: 'r1',
  status: 'completed',
  output: null,
  error: null,
  steering: null,
  question: null,
}
const ended = (output: Json) => resultOf({ ...run, output })

test.each([
  [{ balance: 1 }, { status: 'success', balance: 1 }],
  [null, { status: 'success' }],
  ['hello', { status: 'success', result: 'hello' }],
  [[1, 2], { status: 'success', result: [1, 2] }],
  [
    { status: 'pending', verified: false, prompt_guidance: 'Ask again.', next_action: 'retry' },
    { status: 'pending', verified: false, prompt_guidance: 'Ask again.', next_action: 'retry' },
  ],
])('a run that yields %j gives %j', (output, result) => {
  expect(ended(output)).toEqual(result)
})

test('a run that failed says why, and what to say', () => {
  const error = { code: 'http_network', message: 'The bank cannot be reached.', step: 'ask', attempt: 1 }
  expect(resultOf({ ...run, status: 'failed', error: error as CalledRun['error'] })).toEqual({
    status: 'error',
    error: { code: 'http_network', message: 'The bank cannot be reached.' },
    run: 'r1',
    prompt_guidance: expect.any(String),
  })
})

test('what the end of a run says of the talk counts before what its output says', () => {
  const output = { balance: 1, status: 'odd', next_action: 'none' }
  const steering = { status: 'success', guidance: 'Tell the balance.' }
  expect(resultOf({ ...run, output, steering })).toEqual({
    balance: 1,
    status: 'success',
    prompt_guidance: 'Tell the balance.',
    next_action: 'none',
  })
})

describe('a run that asks', () => {
  const question = { step: 'ask', title: 'Which card?', schema: null, isForAnyone: true }

  test.each(['waiting', 'running'] as const)('and is %s hands the question on', (status) => {
    expect(resultOf({ ...run, status, question })).toEqual({
      status: 'waiting',
      run: 'r1',
      step: 'ask',
      prompt_guidance: 'Which card?',
      next_action: 'answer_question',
    })
  })

  test('for something of a shape says of which', () => {
    const schema = { type: 'object', properties: { card: { type: 'string' } } }
    expect(resultOf({ ...run, status: 'waiting', question: { ...question, schema } })).toMatchObject({
      answer_schema: schema,
    })
  })

  test('somebody else is under way', () => {
    const approval = { ...question, title: 'Send it?', isForAnyone: false }
    expect(resultOf({ ...run, status: 'waiting', question: approval })).toEqual({
      status: 'pending',
      run: 'r1',
      prompt_guidance: expect.stringContaining('Send it?'),
    })
  })
})

test.each(['queued', 'running', 'waiting'] as const)('a run that is %s is pending', (status) => {
  expect(resultOf({ ...run, status })).toMatchObject({ status: 'pending', run: 'r1' })
})

test.each([
  ['{"a": 1}', { a: 1 }],
  ['', {}],
  [' ', {}],
])('the arguments %j are read as %j', (text, value) => {
  expect(parseArguments(text)).toEqual(value)
})

test.each(['[1]', '"x"', 'null', '{"a":'])('the arguments %j are refused', (text) => {
  expect(() => parseArguments(text)).toThrow(expect.objectContaining({ code: 'arguments_invalid' }))
})

test('arguments that are nested without end are refused', () => {
  const text = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  expect(() => parseArguments(text)).toThrow(expect.objectContaining({ code: 'arguments_invalid' }))
})
