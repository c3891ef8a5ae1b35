import { isObject, type Json, type JsonObject } from '@/flow/json'

/** The shapes of a property that the builder offers; anything else is edited as JSON. */
export const propertyTypes = ['text', 'number', 'integer', 'yes or no', 'list of text', 'one of'] as const
type PropertyType = (typeof propertyTypes)[number]

export interface Property {
  name: string
  type: PropertyType
  /** Of `one of`. */
  choices: string[]
  description: string
  required: boolean
}

/** The properties of an object schema that the builder can show whole; null when it would lose something. */
export function readProperties(schema: Json | undefined): Property[] | null {
  if (schema === undefined) return []
  if (!isObject(schema)) return null
  const { type, properties = {}, required = [], ...rest } = schema
  if ((type !== undefined && type !== 'object') || !isObject(properties) || !Array.isArray(required))
    return null
  if (Object.keys(rest).some((key) => key !== 'additionalProperties')) return null
  const found: Property[] = []
  for (const [name, property] of Object.entries(properties)) {
    const read = readProperty(property)
    if (!read) return null
    found.push({ name, ...read, required: required.includes(name) })
  }
  return found
}

function readProperty(value: unknown): Omit<Property, 'name' | 'required'> | null {
  if (!isObject(value)) return null
  const { type, enum: choices, description = '', items, ...rest } = value
  if (Object.keys(rest).length > 0 || typeof description !== 'string') return null
  const as = (type: PropertyType, list: string[] = []) => ({ type, choices: list, description })
  if (choices !== undefined) {
    const isTexts = Array.isArray(choices) && choices.every((choice) => typeof choice === 'string')
    return isTexts && (type === undefined || type === 'string') ? as('one of', choices) : null
  }
  if (type === 'array') return isObject(items) && items.type === 'string' ? as('list of text') : null
  if (items !== undefined) return null
  if (type === 'string') return as('text')
  if (type === 'number') return as('number')
  if (type === 'integer') return as('integer')
  return type === 'boolean' ? as('yes or no') : null
}

export function printProperties(properties: readonly Property[]): JsonObject | undefined {
  if (properties.length === 0) return undefined
  const required = properties
    .filter((property) => property.required && property.name !== '')
    .map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(
      properties
        .filter(({ name }) => name !== '')
        .map((property) => [property.name, printProperty(property)]),
    ),
    ...(required.length > 0 ? { required } : {}),
  }
}

function printProperty({ type, choices, description }: Property): JsonObject {
  const about: JsonObject = description === '' ? {} : { description }
  switch (type) {
    case 'text':
      return { type: 'string', ...about }
    case 'number':
    case 'integer':
      return { type, ...about }
    case 'yes or no':
      return { type: 'boolean', ...about }
    case 'list of text':
      return { type: 'array', items: { type: 'string' }, ...about }
    case 'one of':
      return { type: 'string', enum: choices, ...about }
  }
}
