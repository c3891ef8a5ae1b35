import { z } from 'zod'
import { jsonSchema, type Json } from './json'

/**
 * How the strings of a config field are read.
 * - `literal` (default): as they stand.
 * - `text`: may hold `${ expression }`; after resolving it is always a string.
 * - `value`: any JSON whose strings may hold `${ expression }`; a string that is one template yields the value itself.
 * - `expression`: bare JSONata; the kind evaluates it when it needs it.
 */
export type FieldRole = 'literal' | 'text' | 'value' | 'expression'

/** Which control the generated form shows. Without one the form picks by the zod type. */
type FieldControl =
  | 'line'
  | 'area'
  | 'code'
  | 'json'
  | 'schema'
  | 'duration'
  | 'date-time'
  | 'key-value'
  | 'list'
  | 'select'
  | 'model'
  | 'node'
  | 'flow'
  /** Holds the name of a secret, or a template with one. */
  | 'secret'
  | 'cron'
  | 'collection'
  | 'mcp-server'

/** What a config field says of itself, kept in zod's registry through `.meta()`. */
export interface FieldMeta {
  label?: string
  help?: string
  /** What an empty control shows in faint ink. */
  example?: string
  role?: FieldRole
  control?: FieldControl
  /** `secrets.NAME` may be used inside. */
  secret?: boolean
  /** Of a container: asked for each pass, so `item` and `index` are there as they are in its body. */
  inside?: boolean
  /** Hidden behind "More settings". */
  advanced?: boolean
  /** Words for the members of an enum. */
  options?: Record<string, string>
}

type Meta = Omit<FieldMeta, 'role'>

/** A text with templates; a string once resolved. */
export function text(meta: Meta = {}) {
  return z
    .string()
    .max(200_000)
    .meta({ ...meta, role: 'text' satisfies FieldRole })
}

/** Any JSON with templates in its strings. */
export function value(meta: Meta = {}): z.ZodType<Json, Json> {
  return (jsonSchema as z.ZodType<Json, Json>).meta({ ...meta, role: 'value' satisfies FieldRole })
}

/** Bare JSONata. */
export function expression(meta: Meta = {}) {
  return z
    .string()
    .max(5_000)
    .meta({ ...meta, role: 'expression' satisfies FieldRole })
}

/** A map from names to JSON with templates in its strings. */
export function values(meta: Meta = {}) {
  return z
    .record(z.string(), jsonSchema)
    .meta({ control: 'key-value', ...meta, role: 'value' satisfies FieldRole })
}

/** What a field says of itself, found through `.optional()`, `.default()` and the like; the outer word wins. */
export function fieldMeta(schema: z.ZodType): FieldMeta {
  const own = (schema.meta() ?? {}) as FieldMeta
  const inner = innerOf(schema)
  return inner ? { ...fieldMeta(inner), ...own } : own
}

/** The schema inside a wrapper that only says what happens when the value is missing; null when it is no wrapper. */
export function innerOf(schema: z.ZodType): z.ZodType | null {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
  return isWrapper ? (schema.unwrap() as z.ZodType) : null
}
