import type { z } from 'zod'
import { isObject } from './json'
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
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue)
    if (meant) return meant.flatMap((each) => problemsOf(each, { ...place, path }))
  }
  const isEmpty = issue.code === 'too_small' && issue.origin === 'string' && issue.input === ''
  const isMissing = issue.input === undefined || (issue.code === 'invalid_union' && lacksDiscriminator(issue))
  return [problem(isMissing || isEmpty ? 'missing_field' : 'invalid_field', issue.message)]
}

type UnionIssue = Extract<z.core.$ZodIssue, { code: 'invalid_union' }>

/** Of several forms the one that a value comes nearest to: that which it fails only further inside, with the fewest faults. */
function meantBranch(issue: UnionIssue): z.core.$ZodIssue[] | undefined {
  return issue.errors
    .filter((branch) => branch.length > 0 && branch.every((each) => each.path.length > 0))
    .sort((one, other) => one.length - other.length)[0]
}

function lacksDiscriminator({ discriminator, input }: UnionIssue): boolean {
  return discriminator !== undefined && isObject(input) && input[discriminator] === undefined
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
      return typeMessage(String(issue.expected), issue.input)
    case 'invalid_value':
      return `This must be ${listed(wordsOf(issue))}. Change it.`
    case 'too_small':
      return issue.input === ''
        ? 'This field is empty. Fill it in.'
        : bound(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return bound(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'not_multiple_of':
      return `This must be a multiple of ${String(issue.divisor)}. Change it.`
    case 'invalid_union':
      return unionMessage(issue)
    case 'invalid_key':
      return 'This name may not be used as a key here. Rename it.'
    case 'invalid_format':
      return 'This text has not the form that is asked for here. Correct it.'
    default:
      return undefined
  }
}

function typeMessage(expected: string, input: unknown): string {
  if (expected === 'never') return 'Nothing may stand here. Remove it.'
  if (expected === 'int' && typeof input === 'number') return 'This must be a whole number. Change it.'
  return `This must be ${wholes[expected] ?? expected}, and it is ${nameOf(input)}. Change it.`
}

function unionMessage(issue: z.core.$ZodRawIssue): string {
  if (typeof issue.discriminator === 'string') {
    const isMissing = isObject(issue.input) && issue.input[issue.discriminator] === undefined
    return isMissing
      ? 'This field is missing. Fill it in.'
      : 'This is none of the forms that are known here. Choose one of them.'
  }
  const branches: unknown[] = Array.isArray(issue.errors) ? issue.errors : []
  const words = branches.flatMap((branch) =>
    Array.isArray(branch) ? branch.slice(0, 1).flatMap(wordsOf) : [],
  )
  if (!isJson(issue.input)) return 'This is not JSON. Remove it.'
  return words.length === 0
    ? `This has not the form that is asked for here: it is ${nameOf(issue.input)}. Change it.`
    : `This must be ${listed([...new Set(words)])}, and it is ${nameOf(issue.input)}. Change it.`
}

/** What an issue would have accepted, in words. */
function wordsOf(issue: unknown): string[] {
  if (!isObject(issue)) return []
  if (Array.isArray(issue.values)) return issue.values.slice(0, 12).map((value) => JSON.stringify(value))
  const word = wholes[String(issue.expected)]
  return word === undefined ? [] : [word]
}

function isJson(value: unknown): boolean {
  return (
    value === null ||
    ['string', 'number', 'boolean'].includes(typeof value) ||
    Array.isArray(value) ||
    isPlainObject(value)
  )
}

function isPlainObject(value: unknown): boolean {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
}

function bound(issue: z.core.$ZodRawIssue, word: string, limit: unknown): string {
  const of = { string: 'character', array: 'entry', set: 'entry' }[String(issue.origin)]
  if (of === undefined) return `This must be ${word} ${String(limit)}. Change it.`
  const noun = limit === 1 ? of : of === 'entry' ? 'entries' : `${of}s`
  return `This must have ${word} ${String(limit)} ${noun}. Change it.`
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return wholes[typeof value] ?? `not JSON (${typeof value})`
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
