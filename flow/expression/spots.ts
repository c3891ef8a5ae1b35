import { z } from 'zod'
import { fieldMeta, type FieldRole } from '../field'
import { isObject, type Json, type JsonObject } from '../json'
import { hasTemplate } from './template'

/** A string of a config that an expression stands in: the whole of it (`expression`), or its `${…}` (`text`, `value`). */
export interface Spot {
  /** Keys and indices from the config down. */
  path: (string | number)[]
  form: Exclude<FieldRole, 'literal'>
  /** `secrets.NAME` may be used. */
  secret: boolean
  /** `item` and `index` are there, wherever the node is. */
  inside?: true
  text: string
}

const known = new WeakMap<z.ZodType, WeakMap<JsonObject, readonly Spot[]>>()

/** All spots of a config, read with its schema. Both are immutable, so the answer is kept by their identity. */
export function spotsOf(schema: z.ZodType, config: JsonObject): readonly Spot[] {
  let bySchema = known.get(schema)
  if (!bySchema) known.set(schema, (bySchema = new WeakMap()))
  const kept = bySchema.get(config)
  if (kept) return kept
  const spots: Spot[] = []
  collect(schema, config, { path: [], role: undefined, secret: false }, spots)
  bySchema.set(config, spots)
  return spots
}

/** The spots of any JSON whose strings may hold templates, such as a node's `output`. */
export function templateSpots(value: Json | undefined, path: (string | number)[], secret = false): Spot[] {
  if (typeof value === 'string')
    return hasTemplate(value) ? [{ path, form: 'value', secret, text: value }] : []
  if (Array.isArray(value))
    return value.flatMap((item, index) => templateSpots(item, [...path, index], secret))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, part]) => templateSpots(part, [...path, key], secret))
}

interface Field {
  path: (string | number)[]
  role: FieldRole | undefined
  secret: boolean
}

function collect(schema: z.ZodType, value: unknown, outer: Field, spots: Spot[]): void {
  const meta = fieldMeta(schema)
  const field = { ...outer, role: outer.role ?? meta.role, secret: outer.secret || meta.secret === true }
  if (value === undefined || value === null) return
  if (field.role && spots.some((spot) => samePath(spot.path, field.path))) return
  if (field.role === 'value') {
    spots.push(...templateSpots(value as Json, field.path, field.secret))
    return
  }
  if (field.role !== undefined && field.role !== 'literal') {
    if (typeof value !== 'string' || (field.role === 'text' && !hasTemplate(value))) return
    if (value === '') return
    const { path, role: form, secret } = field
    spots.push({ path, form, secret, ...(meta.inside ? { inside: true } : {}), text: value })
    return
  }
  for (const part of partsOf(schema, value)) {
    collect(
      part.schema,
      part.value,
      part.key === undefined ? field : { ...field, path: [...field.path, part.key] },
      spots,
    )
  }
}

interface Part {
  schema: z.ZodType
  value: unknown
  /** Undefined: the same value seen through another schema. */
  key?: string | number
}

/** What a schema is made of, with the values that belong to it. Kinds of schemas that hold no text are left out. */
function partsOf(schema: z.ZodType, value: unknown): Part[] {
  if (schema instanceof z.ZodObject && isObject(value)) {
    return Object.entries(schema.shape).map(([key, part]) => ({
      schema: part as z.ZodType,
      value: value[key],
      key,
    }))
  }
  if (schema instanceof z.ZodRecord && isObject(value)) {
    return Object.entries(value).map(([key, part]) => ({
      schema: schema.valueType as z.ZodType,
      value: part,
      key,
    }))
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((part, key) => ({ schema: schema.element as z.ZodType, value: part, key }))
  }
  if (schema instanceof z.ZodTuple && Array.isArray(value)) {
    return schema.def.items.map((item, key) => ({
      schema: item as z.ZodType,
      value: value[key] as unknown,
      key,
    }))
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.map((option) => ({ schema: option as z.ZodType, value }))
  }
  const inner = innerOf(schema)
  return inner ? [{ schema: inner, value }] : []
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.def.in as z.ZodType
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNonOptional
  return wraps ? (schema.def.innerType as z.ZodType) : undefined
}

function samePath(left: readonly (string | number)[], right: readonly (string | number)[]): boolean {
  return left.length === right.length && left.every((key, index) => key === right[index])
}

/** A copy with one value replaced; all beside the path is shared. */
export function withValue(target: unknown, path: readonly (string | number)[], value: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(target)) {
    return target.map((item: Json, index) => (index === key ? withValue(item, rest, value) : item))
  }
  const object = isObject(target) ? target : {}
  return { ...object, [key]: withValue(object[key], rest, value) } as JsonObject
}
