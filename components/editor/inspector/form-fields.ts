import { z } from 'zod'
import { fieldMeta, innerOf, type FieldMeta } from '@/flow/field'
import { isObject, type Json, type JsonObject } from '@/flow/json'

/** Which control a field gets, after its meta and its type were looked at. */
type Control =
  | 'text'
  | 'expression'
  | 'plain'
  | 'number'
  | 'switch'
  | 'select'
  | 'code'
  | 'json'
  | 'schema'
  | 'key-value'
  | 'list'
  | 'group'
  | 'rule'
  | 'variant'
  | 'cron'
  | 'duration'
  | 'node'
  | 'flow'
  | 'model'
  | 'collection'
  | 'mcp-server'

export interface FormField {
  key: string
  label: string
  meta: FieldMeta
  /** Without its optional and default wrappers. */
  schema: z.ZodType
  control: Control
  isRequired: boolean
  /** What holds when the key is absent. */
  fallback: Json | undefined
}

/** The fields of an object schema in their order; none for any other schema. */
export function fieldsOf(schema: z.ZodType): FormField[] {
  const object = unwrap(schema)
  if (!(object instanceof z.ZodObject)) return []
  return Object.entries(object.shape).map(([key, field]) => fieldOf(key, field as z.ZodType))
}

export function fieldOf(key: string, schema: z.ZodType): FormField {
  const meta = fieldMeta(schema)
  const inner = unwrap(schema)
  return {
    key,
    label: meta.label ?? words(key),
    meta,
    schema: inner,
    control: controlOf(inner, meta),
    isRequired: !(schema instanceof z.ZodOptional) && !(schema instanceof z.ZodDefault),
    fallback: schema instanceof z.ZodDefault ? (schema.def.defaultValue as Json) : undefined,
  }
}

/** The schema of one element of a list field. */
export function elementOf(schema: z.ZodType): z.ZodType | null {
  const inner = unwrap(schema)
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : null
}

export function optionsOf(field: FormField): { value: string; label: string }[] {
  const { schema, meta } = field
  if (!(schema instanceof z.ZodEnum)) return []
  return schema.options.map((option) => ({
    value: String(option),
    label: meta.options?.[String(option)] ?? String(option),
  }))
}

/** A fresh element for a list: empty texts, first choices. */
export function emptyOf(schema: z.ZodType): Json {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) {
    const entries = fieldsOf(inner).filter((field) => field.isRequired)
    return Object.fromEntries(entries.map((field) => [field.key, emptyOf(field.schema)]))
  }
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const [first] = inner.options
    return first instanceof z.ZodObject ? emptyOf(first) : {}
  }
  if (inner instanceof z.ZodLiteral) return String([...inner.values][0])
  if (inner instanceof z.ZodEnum) return String(inner.options[0])
  if (inner instanceof z.ZodNumber) return 0
  if (inner instanceof z.ZodBoolean) return false
  return ''
}

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema)
  return inner ? unwrap(inner) : schema
}

function controlOf(schema: z.ZodType, meta: FieldMeta): Control {
  switch (meta.control) {
    case 'code':
    case 'json':
    case 'schema':
    case 'key-value':
    case 'cron':
    case 'duration':
    case 'node':
    case 'flow':
    case 'model':
    case 'collection':
    case 'mcp-server':
      return meta.control
    case 'area':
      if (schema instanceof z.ZodString && meta.role === undefined) return 'text'
  }
  if (schema instanceof z.ZodArray) return 'list'
  if (schema instanceof z.ZodObject) return 'group'
  if (schema instanceof z.ZodDiscriminatedUnion) return 'variant'
  if (schema instanceof z.ZodUnion) return 'rule'
  if (schema instanceof z.ZodEnum) return 'select'
  if (schema instanceof z.ZodBoolean) return 'switch'
  if (schema instanceof z.ZodNumber) return 'number'
  if (meta.role === 'expression') return 'expression'
  if (meta.role === 'text') return 'text'
  return schema instanceof z.ZodString ? 'plain' : 'json'
}

/** `httpStatus` → `Http status`: for the field that has no label of its own. */
function words(key: string): string {
  const spaced = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** What every control of the form takes. */
export interface ControlProps {
  field: FormField
  value: Json | undefined
  /** Where the value lies within the node. */
  path: readonly (string | number)[]
  onChange: (value: Json | undefined) => void
  id: string
  describedBy: string | undefined
  invalid: boolean
}

/** An emptied optional field is as if it had never been set. */
export function textOrAbsent(text: string, isRequired: boolean): string | undefined {
  return text === '' && !isRequired ? undefined : text
}

/** A draft may hold anything: what is no object is shown as an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? (value as JsonObject) : {}
}
