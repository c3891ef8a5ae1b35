import { describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import type { Json } from '@/flow/json'
import type { Resolution, Wait } from '@/flow/kind'
import { perform, resume } from '../testing/perform'
import { definition } from './definition'

const at = '2026-03-01T13:00:00.000Z'
const wait: Wait = { for: 'answer', title: 'x', deadline: '2026-03-02T12:00:00.000Z' }
const fields = { type: 'object', properties: { discount: { type: 'integer' } }, required: ['discount'] }

test('a person is asked for the fields, with a deadline', async () => {
  const config = { question: 'What for ${input.name}?', fields, timeout: 'P1D' }
  const { outcome } = await perform('ask', config, { input: { name: 'Acme' } })
  expect(outcome).toEqual({
    type: 'wait',
    wait: {
      for: 'answer',
      title: 'What for Acme?',
      schema: fields,
      deadline: '2026-03-02T12:00:00.000Z',
    },
  })
})

test('without fields one text is asked for', async () => {
  const { outcome } = await perform('ask', { question: 'Why?' })
  expect(outcome).toMatchObject({ wait: { schema: { type: 'string', minLength: 1 } } })
})

test('in a conversation the next message is the answer', async () => {
  const { outcome } = await perform('ask', { question: 'Why?', channel: 'chat' })
  expect(outcome).toMatchObject({ wait: { for: 'answer', title: 'Why?', channel: 'chat' } })
})

describe('the answer', () => {
  const answered = (answer: Json): Resolution => ({ by: 'answer', at, answer, person: 'ana@example.com' })
  const over: Resolution = { by: 'deadline', at }
  const config = { question: 'Why?' }

  test('is the output, and the first one counts', async () => {
    expect(await resume('ask', config, wait, [answered({ discount: 5 }), over])).toEqual({
      type: 'done',
      port: 'answered',
      output: { discount: 5 },
    })
  })

  test('that comes too late is none', async () => {
    expect(await resume('ask', config, wait, [over, answered('late')])).toEqual({
      type: 'done',
      port: 'timed_out',
      output: null,
    })
  })

  test('is waited for as long as there is none', async () => {
    expect(await resume('ask', config, wait, [])).toEqual({ type: 'wait', wait })
  })
})

describe('problems', () => {
  const node = nodeSchema.parse({ id: 'n', kind: 'ask' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problemsOf = (config: object) =>
    definition.check?.(definition.config.parse({ question: 'x', ...config }), node, document)

  test.each([
    [{ timeout: 'soon' }, 'duration_invalid', 'soon'],
    [{ fields: { type: 'array' } }, 'fields_invalid', 'A form is an object'],
    [{ fields: { properties: [] } }, 'fields_invalid', 'A form is an object'],
    [{ fields: { properties: { a: { type: 'text' } } } }, 'fields_invalid', '"a"'],
    [{ fields: { properties: { a: 1 } } }, 'fields_invalid', '"a"'],
    [{ fields: { properties: { a: {} }, required: ['b'] } }, 'fields_invalid', '"b" is required'],
    [{ fields: { properties: { a: {} }, required: 'a' } }, 'fields_invalid', 'list of names'],
    [{ fields: { properties: { a: {} } }, channel: 'chat' }, 'fields_invalid', 'one text'],
  ])('%j has %s', (config, code, words) => {
    expect(problemsOf(config)).toMatchObject([{ code, message: expect.stringContaining(words) }])
  })

  test('a form of every type has none', () => {
    const properties = {
      a: { type: 'string' },
      b: { enum: ['x', 'y'] },
      c: { type: ['number', 'null'] },
      d: { type: 'array', items: { type: 'string' } },
    }
    expect(problemsOf({ fields: { type: 'object', properties, required: ['a'] } })).toEqual([])
  })
})
