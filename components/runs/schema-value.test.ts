import { describe, expect, it } from 'vitest'
import type { JsonObject } from '@/flow/json'
import { blankOf, fieldsOf, labelOf, problemsOf, shapeOf } from './schema-value'

const schema: JsonObject = {
  type: 'object',
  required: ['name', 'plan', 'seats'],
  properties: {
    name: { type: 'string', title: 'Customer' },
    plan: { type: 'string', enum: ['free', 'pro'] },
    seats: { type: 'integer', minimum: 1, default: 5 },
    note: { type: 'string' },
    tags: { type: 'array', items: { type: 'string', maxLength: 3 } },
    address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
  },
}

describe('filling in a schema', () => {
  it('finds the control for each kind of schema', () => {
    const shapes = Object.fromEntries(fieldsOf(schema).map((field) => [field.name, shapeOf(field.schema)]))
    expect(shapes).toEqual({
      name: 'text',
      plan: 'choice',
      seats: 'number',
      note: 'text',
      tags: 'list',
      address: 'object',
    })
    expect(shapeOf({})).toBe('json')
    expect(shapeOf({ type: 'object' })).toBe('json')
    expect(shapeOf({ type: ['null', 'number'] })).toBe('number')
  })

  it('makes words of names', () => {
    expect(['dueDate', 'due_date', 'name'].map(labelOf)).toEqual(['Due date', 'Due date', 'Name'])
  })

  it('begins with defaults and leaves empty optional fields out', () => {
    expect(blankOf(schema)).toEqual({ name: '', plan: 'free', seats: 5, address: { city: '' } })
  })

  it('chooses nothing where a choice is optional', () => {
    const color = { enum: ['red', 'green'] }
    expect(blankOf({ type: 'object', properties: { color } })).toEqual({})
    expect(blankOf({ type: 'object', properties: { color }, required: ['color'] })).toEqual({ color: 'red' })
    const suggested = { ...color, default: 'green' }
    expect(blankOf({ type: 'object', properties: { color: suggested } })).toEqual({ color: 'green' })
  })

  it('tells what is missing by path', () => {
    expect(problemsOf(schema, { name: '', plan: 'free', seats: 5, address: {} })).toEqual([
      { at: 'name', message: 'Customer is needed.' },
      { at: 'address/city', message: 'City is needed.' },
    ])
  })

  it('tells wrong types, bounds and choices', () => {
    const problems = problemsOf(schema, { name: 'a', plan: 'gold', seats: 0.5, tags: ['ok', 'long one'] })
    expect(problems.map((problem) => problem.at)).toEqual(['plan', 'seats', 'tags/1'])
  })

  it('finds nothing in a good value', () => {
    expect(problemsOf(schema, { name: 'Globex', plan: 'pro', seats: 3 })).toEqual([])
  })
})
