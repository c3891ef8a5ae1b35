import { isObject, type Json, type JsonObject } from '@/flow/json'

/** How a part of a JSON Schema is filled in by hand. */
export type FieldShape = 'choice' | 'text' | 'number' | 'boolean' | 'object' | 'list' | 'json'

export interface SchemaField {
  name: string
  schema: JsonObject
  label: string
  help: string
  isRequired: boolean
}

export interface ValueProblem {
  /** Keys and indices from the root, joined by `/`; '' is the root. */
  at: string
  message: string
}

export function shapeOf(schema: JsonObject): FieldShape {
  if (Array.isArray(schema.enum)) return 'choice'
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== 'null') : schema.type
  if (type === 'string') return 'text'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'boolean'
  if (type === 'array') return isObject(schema.items) ? 'list' : 'json'
  if (type === 'object' || isObject(schema.properties)) return fieldsOf(schema).length > 0 ? 'object' : 'json'
  return 'json'
}

export function fieldsOf(schema: JsonObject): SchemaField[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(asObject(schema.properties)).map(([name, field]) => {
    const own = asObject(field)
    return {
      name,
      schema: own,
      label: typeof own.title === 'string' ? own.title : labelOf(name),
      help: typeof own.description === 'string' ? own.description : '',
      isRequired: required.includes(name),
    }
  })
}

/** `dueDate`, `due_date` → `Due date`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function itemsOf(schema: JsonObject): JsonObject {
  return asObject(schema.items)
}

/** What a form begins with: defaults and first examples; nothing for optional fields without them. */
export function blankOf(schema: JsonObject): Json {
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.examples) && schema.examples[0] !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  switch (shapeOf(schema)) {
    case 'object': {
      const value: JsonObject = {}
      for (const field of fieldsOf(schema)) {
        // Of an optional choice nothing is chosen: the first one would be sent though nobody meant it.
        if (!field.isRequired && shapeOf(field.schema) === 'choice' && !isSuggested(field.schema)) continue
        const blank = blankOf(field.schema)
        if (field.isRequired || !isEmpty(blank)) value[field.name] = blank
      }
      return value
    }
    case 'choice':
      return Array.isArray(schema.enum) ? (schema.enum[0] ?? null) : null
    case 'text':
      return ''
    case 'number':
      return null
    case 'boolean':
      return false
    case 'list':
      return []
    default:
      return schema.type === 'array' ? [] : {}
  }
}

/** What the form can tell before the server does: missing, of the wrong type, or outside of its bounds. */
export function problemsOf(schema: JsonObject, value: Json | undefined, at = ''): ValueProblem[] {
  if (value === undefined) return []
  if (value === null) return allowsNull(schema) ? [] : [{ at, message: wishes[shapeOf(schema)] }]
  const problem = (message = wishes[shapeOf(schema)]): ValueProblem[] => [{ at, message }]
  switch (shapeOf(schema)) {
    case 'choice': {
      const choices = Array.isArray(schema.enum) ? schema.enum : []
      return choices.some((choice) => choice === value) ? [] : problem()
    }
    case 'text': {
      if (typeof value !== 'string') return problem()
      const least = numberOf(schema.minLength)
      const most = numberOf(schema.maxLength)
      if (least !== null && value.length < least) return problem(`Write at least ${least} characters.`)
      if (most !== null && value.length > most) return problem(`Write at most ${most} characters.`)
      return []
    }
    case 'number': {
      if (typeof value !== 'number') return problem()
      if (schema.type === 'integer' && !Number.isInteger(value)) return problem('Write a whole number.')
      const least = numberOf(schema.minimum)
      const most = numberOf(schema.maximum)
      if (least !== null && value < least) return problem(`Write ${least} or more.`)
      if (most !== null && value > most) return problem(`Write ${most} or less.`)
      return []
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : problem()
    case 'object':
      return isObject(value) ? objectProblems(schema, value, at) : problem()
    case 'list':
      if (!Array.isArray(value)) return problem()
      return value.flatMap((item, index) => problemsOf(itemsOf(schema), item, join(at, index)))
    default:
      return []
  }
}

export function join(at: string, key: string | number): string {
  return at === '' ? String(key) : `${at}/${key}`
}

function objectProblems(schema: JsonObject, value: JsonObject, at: string): ValueProblem[] {
  return fieldsOf(schema).flatMap((field) => {
    const own = value[field.name]
    const isMissing = own === undefined || (own === '' && field.schema.minLength !== 0)
    if (field.isRequired && isMissing)
      return [{ at: join(at, field.name), message: `${field.label} is needed.` }]
    if (isMissing) return []
    return problemsOf(field.schema, own, join(at, field.name))
  })
}

const wishes: Record<FieldShape, string> = {
  choice: 'Pick one of the choices.',
  text: 'Write text.',
  number: 'Write a number.',
  boolean: 'Choose yes or no.',
  object: 'Fill this in.',
  list: 'Write a list.',
  json: 'Write a value as JSON.',
}

function allowsNull(schema: JsonObject): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.includes(null)
  if (Array.isArray(schema.type)) return schema.type.includes('null')
  return schema.type === undefined || schema.type === 'null'
}

function isSuggested(schema: JsonObject): boolean {
  return schema.default !== undefined || schema.const !== undefined || Array.isArray(schema.examples)
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}

function asObject(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {}
}
