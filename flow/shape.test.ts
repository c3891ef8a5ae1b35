import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { joinSchema } from './document'
import { shapeProblems } from './shape'

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('a'), x: z.string() }),
  z.strictObject({ type: z.literal('b'), y: z.number() }),
])
/** `code path: message` of every problem. */
const said = (schema: z.ZodType, value: unknown) =>
  shapeProblems(schema, value, { path: ['at'], node: 'n' }).map(
    ({ code, path, message }) => `${code} ${path.join('.')}: ${message}`,
  )

describe('what keeps a value from its shape', () => {
  it('is nothing for one that has it', () => {
    expect(shapeProblems(joinSchema, 'any', { path: [] })).toEqual([])
  })

  it('names node and place', () => {
    expect(shapeProblems(z.string(), 1, { path: ['nodes', 2], node: 'n' })).toEqual([
      {
        code: 'invalid_field',
        severity: 'error',
        node: 'n',
        path: ['nodes', 2],
        message: 'This must be a text, and it is a number. Change it.',
      },
    ])
  })

  it.each<[z.ZodType, unknown, string]>([
    [z.object({ a: z.string() }), {}, 'missing_field at.a: This field is missing. Fill it in.'],
    [z.string().min(1), '', 'missing_field at: This field is empty. Fill it in.'],
    [z.string().min(1, 'Write a name.'), '', 'missing_field at: Write a name.'],
    [
      z.strictObject({}),
      { b: 1 },
      'unknown_field at.b: “b” is not a field that is known here. Remove it or correct its spelling.',
    ],
    [z.enum(['a', 'b']), 'c', 'invalid_field at: This must be "a" or "b". Change it.'],
    [z.int(), 1.5, 'invalid_field at: This must be a whole number. Change it.'],
    [z.number().min(3), 2, 'invalid_field at: This must be at least 3. Change it.'],
    [z.number().gt(3), 3, 'invalid_field at: This must be more than 3. Change it.'],
    [z.string().max(2), 'abc', 'invalid_field at: This must have at most 2 characters. Change it.'],
    [z.array(z.json()).min(1), [], 'invalid_field at: This must have at least 1 entry. Change it.'],
    [z.number().multipleOf(5), 2, 'invalid_field at: This must be a multiple of 5. Change it.'],
    [z.never(), 1, 'invalid_field at: Nothing may stand here. Remove it.'],
    [z.json(), new Date(0), 'invalid_field at: This is not JSON. Remove it.'],
    [z.string(), null, 'invalid_field at: This must be a text, and it is null. Change it.'],
    [z.email(), 'x', 'invalid_field at: This text has not the form that is asked for here. Correct it.'],
  ])('is said in plain words, case %#', (schema, value, words) => {
    expect(said(schema, value)).toEqual([words])
  })

  it('is said of the one form of several that was meant', () => {
    expect(said(joinSchema, 'some')).toEqual([
      'invalid_field at: This must be "all", "any" or an object, and it is a text. Change it.',
    ])
    expect(said(joinSchema, { count: 'x' })).toEqual([
      'invalid_field at.count: This must be a number, and it is a text. Change it.',
    ])
    expect(said(auth, { type: 'a' })).toEqual(['missing_field at.x: This field is missing. Fill it in.'])
    expect(said(auth, {})).toEqual(['missing_field at.type: This field is missing. Fill it in.'])
    expect(said(auth, { type: 'c' })).toEqual([
      'invalid_field at.type: This is none of the forms that are known here. Choose one of them.',
    ])
  })
})
