import type { z } from 'zod'
import type { Problem } from './problem'

/** Where the checked value stands in the document. */
export interface ShapePlace {
  path: (string | number)[]
  node?: string
}

/**
 * What keeps a value from having the shape that a schema asks for, in plain words; empty when it has it.
 * Codes: `missing_field`, `unknown_field`, `invalid_field`. A schema's own messages win over ours.
 */
export function shapeProblems(schema: z.ZodType, value: unknown, place: ShapePlace): Problem[] {
  const parsed = schema.safeParse(value, { error: messageOf, reportInput: true })
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, place))
}

function problemsOf(issue: z.core.$ZodIssue, place: ShapePlace): Problem[] {
  const path = [...place.path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
  const problem = (code: string, message: string, at = path): Problem => ({
    code,
    severity: 'error',
    ...(place.node === undefined ? {} : { node: place.node }),
    path: at,
    message,
  })
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem(
        'unknown_field',
        `“${key}” is not a field that is known here. Remove it or correct its spelling.`,
        [...path, key],
      ),
    )
  }
  const isMissing =
    issue.input === undefined ||
    (issue.code === 'too_small' && issue.origin === 'string' && issue.input === '')
  return [problem(isMissing ? 'missing_field' : 'invalid_field', issue.message)]
}

const wholes: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'This field is missing. Fill it in.'
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${wholes[String(issue.expected)] ?? String(issue.expected)}, and it is ${nameOf(issue.input)}. Change it.`
    case 'invalid_value':
      return `This must be ${listed(Array.isArray(issue.values) ? issue.values : [])}. Pick one of them.`
    case 'too_small':
      return issue.input === '' ? 'This field is empty. Fill it in.' : bound(issue, 'at least', issue.minimum)
    case 'too_big':
      return bound(issue, 'at most', issue.maximum)
    case 'invalid_union':
      return `Nothing that may stand here looks like ${nameOf(issue.input)} of this form. See the documentation of this field.`
    case 'invalid_key':
      return 'This name may not be used as a key here. Rename it.'
    case 'invalid_format':
      return 'This text has not the form that is asked for here. Correct it.'
    default:
      return undefined
  }
}

function bound(issue: z.core.$ZodRawIssue, word: string, limit: unknown): string {
  const of = { string: ' characters', array: ' entries', set: ' entries' }[String(issue.origin)] ?? ''
  return of === ''
    ? `This must be ${word} ${String(limit)}. Change it.`
    : `This must have ${word} ${String(limit)}${of}. Change it.`
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return wholes[typeof value] ?? `not JSON (${typeof value})`
}

function listed(values: readonly unknown[]): string {
  const words = values.slice(0, 12).map((value) => JSON.stringify(value))
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
