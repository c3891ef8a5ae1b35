import { isObject, type Json, type JsonObject } from '@/flow/json'
import { splitNames } from './words'

export function isSchema(value: Json | undefined): value is JsonObject {
  return isObject(value)
}

/** What a `$ref` into the same schema leads to. */
export function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#')) return schema
  let at: Json | undefined = root
  for (const key of schema.$ref.slice(1).split('/').filter(Boolean)) {
    at = isSchema(at) ? at[key.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined
  }
  return isSchema(at) ? at : {}
}

function optionsOf(schema: JsonObject): JsonObject[] {
  return (['anyOf', 'oneOf', 'allOf'] as const).flatMap((key) => {
    const options = schema[key]
    return Array.isArray(options) ? options.filter(isSchema).filter((each) => each.type !== 'null') : []
  })
}

/** Of several shapes the first that is not null, with what is said of them all. */
export function firstOption(schema: JsonObject): JsonObject | undefined {
  const [first] = optionsOf(schema)
  const { title = '', description = '' } = schema
  return first && { title, description, ...first }
}

/** The values that are allowed, with what is said of each; null when there is no such list. */
export function choicesOf(schema: JsonObject): { values: Json[]; said: string } | null {
  if (Array.isArray(schema.enum)) return { values: schema.enum, said: '' }
  const options = optionsOf(schema)
  if (options.length < 2 || options.some((each) => each.const === undefined)) return null
  return {
    values: options.map((each) => each.const ?? null),
    said: options
      .map((each) => `${String(each.const)}: ${textOf(each.description ?? each.title)}`)
      .join('\n'),
  }
}

export function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema.type)) return String(schema.type.find((each) => each !== 'null') ?? 'null')
  if (typeof schema.type === 'string') return schema.type
  return isObject(schema.properties) ? 'object' : schema.items === undefined ? 'string' : 'array'
}

export function isNullable(schema: JsonObject): boolean {
  if (schema.type === 'null') return true
  if (Array.isArray(schema.type) && schema.type.includes('null')) return true
  const options = schema.anyOf ?? schema.oneOf
  return Array.isArray(options) && options.some((each) => isSchema(each) && each.type === 'null')
}

/** What a field is about: its name, its title and its description. */
export function topicOf(schema: JsonObject, name: string): string {
  return [splitNames(name), textOf(schema.title), textOf(schema.description)].filter(Boolean).join('. ')
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** What stands for a required field that nothing speaks for. */
export function emptyOf(schema: JsonObject): Json {
  if (schema.default !== undefined) return schema.default
  if (isNullable(schema)) return null
  const type = typeOf(schema)
  if (type === 'number' || type === 'integer') return inRange(0, schema)
  return type === 'boolean' ? false : type === 'array' ? [] : type === 'object' ? {} : ''
}

export function inRange(value: number, schema: JsonObject): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : -Infinity
  const most = typeof schema.maximum === 'number' ? schema.maximum : Infinity
  const within = Math.min(most, Math.max(least, value))
  return typeOf(schema) === 'integer' ? Math.round(within) : Math.round(within * 1e6) / 1e6
}
