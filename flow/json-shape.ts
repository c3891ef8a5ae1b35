import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { RE2JS } from 're2js'
import type { Json, JsonObject } from './json'

/** One thing in a value that does not fit. */
export interface Fault {
  /** Keys and indices from the value down. */
  path: string[]
  /** Follows the name of the place: `must be at most 30`. */
  message: string
  params: Json
}

/** Patterns in a flow's schema are anybody's: they run in linear time or not at all. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern)
    // Ajv takes patterns that print alike for one and the same.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern }
  },
  { code: 'new RegExp' },
)

const ajv = new Ajv({ strict: false, allErrors: true, code: { regExp: linear } })
formats.default(ajv)

/** Compiled by the schema's text: the same schema comes out of the database as a new object each time. */
const compiled = new Map<string, ValidateFunction | null>()
const compiledAtMost = 500

/**
 * What in a value does not fit a JSON Schema that a flow's maker wrote. A schema that is broken itself fits nothing: it
 * refuses nothing either, and validation tells its maker.
 */
export function faultsOf(schema: JsonObject, value: Json): Fault[] {
  const validate = validatorOf(schema)
  if (!validate || validate(value)) return []
  return (validate.errors ?? []).map((error) => ({
    path: error.instancePath
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')),
    message: wordsOf(error),
    params: JSON.parse(JSON.stringify(error.params)),
  }))
}

/** All faults in one line: `discount must be <= 30; the answer must have …`. */
export function toldFaults(faults: readonly Fault[], whole: string): string {
  return faults.map(({ path, message }) => `${path.join('.') || whole} ${message}`).join('; ')
}

function wordsOf({ message = 'is wrong', params }: ErrorObject): string {
  if (Array.isArray(params.allowedValues)) {
    return `must be one of ${params.allowedValues.map((one) => JSON.stringify(one)).join(', ')}`
  }
  if (typeof params.additionalProperty === 'string') return `has no field '${params.additionalProperty}'`
  return message
}

function validatorOf(schema: JsonObject): ValidateFunction | null {
  const text = JSON.stringify(schema)
  const known = compiled.get(text)
  if (known !== undefined) return known
  const validate = compile(schema)
  const oldest = compiled.size < compiledAtMost ? undefined : compiled.keys().next().value
  if (oldest !== undefined) compiled.delete(oldest)
  compiled.set(text, validate)
  return validate
}

function compile(schema: JsonObject): ValidateFunction | null {
  try {
    return ajv.compile(schema)
  } catch {
    return null
  } finally {
    // Ajv would keep every schema it has ever seen, and refuse a second one of the same `$id`.
    ajv.removeSchema(schema)
    if (typeof schema.$id === 'string') ajv.removeSchema(schema.$id)
  }
}
