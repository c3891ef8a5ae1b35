import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { FlowNode } from '@/flow/document'
import type { Problem } from '@/flow/problem'

/** One thing to be known, as its JSON Schema says. */
export interface Field {
  name: string
  schema: JsonObject
  /** As people call it. */
  title: string
  isRequired: boolean
}

/** The fields of a JSON Schema of an object; without `required`, all are. */
export function fieldsOf(schema: JsonObject): Field[] {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
  const required = Array.isArray(schema.required) ? schema.required : null
  return properties.flatMap(([name, property]): Field[] => {
    if (!isObject(property)) return []
    const own: JsonObject = property as JsonObject
    const title = typeof own.title === 'string' && own.title.trim() !== '' ? own.title : spoken(name)
    return [{ name, schema: own, title, isRequired: required?.includes(name) ?? true }]
  })
}

/** `dateOfBirth` and `date_of_birth` → `date of birth`. */
function spoken(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
}

/**
 * A shape for what was said of the fields. Nothing is required, so that a model leaves out what nobody said; and what does not
 * fit its field is no reason to refuse the whole answer: the person is asked again.
 */
export function saidFields(fields: readonly Field[]): JsonObject {
  const properties = fields.map(({ name, schema, title }): [string, JsonObject] => {
    const { description = '' } = schema
    return [name, { title, description, anyOf: [schema, { type: ['string', 'number', 'boolean', 'null'] }] }]
  })
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false }
}

export function isKnown(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== ''
}

/** What keeps a schema at `key` from being one of fields that can be asked for one by one. */
export function fieldProblems(schema: JsonObject | undefined, node: FlowNode, key: string): Problem[] {
  const add = (message: string): Problem[] => [
    { code: 'fields_invalid', severity: 'error', node: node.id, path: [key], message },
  ]
  if (schema === undefined) return []
  const { type = 'object', properties, required = [] } = schema
  if (type !== 'object' || !isObject(properties)) {
    return add('Fields are an object: write {"type": "object", "properties": {…}}.')
  }
  const names = Object.keys(properties)
  if (names.length === 0) return add('Name at least one field.')
  if (!Array.isArray(required)) return add('"required" is a list of names of fields.')
  const absent = required.find((name) => !names.includes(String(name)))
  return absent === undefined
    ? []
    : add(`The field ${JSON.stringify(absent)} is required, but it is not among the fields.`)
}
