import type { Json, JsonObject } from '../json'
import { ExpressionError, limitError } from './error'
import { expressionLimits } from './limits'

/**
 * A plain copy of what jsonata yields: no hidden marks on lists, no shared parts, nothing that is not JSON. A name
 * `__proto__` is left out, and a `constructor` that carries a `prototype` with it. Nothing becomes null.
 * Throws `expression_limit` past 1 MiB (characters of its JSON, numbers taken as 8) or 200 levels, and
 * `expression_failed` for functions and for numbers that JSON has no word for.
 */
export function toJson(value: unknown): Json {
  const budget = { left: expressionLimits.resultChars }
  return copy(value, budget, 0)
}

function copy(value: unknown, budget: { left: number }, depth: number): Json {
  switch (typeof value) {
    case 'undefined':
      spend(budget, 4)
      return null
    case 'string':
      spend(budget, value.length + 2)
      return value
    case 'boolean':
      spend(budget, 5)
      return value
    case 'number':
      spend(budget, 8)
      if (!Number.isFinite(value)) {
        throw new ExpressionError(
          'expression_failed',
          `The expression yields ${value}, which is not a number in JSON. Test the divisor first.`,
        )
      }
      return value === 0 ? 0 : value
    case 'object':
      return value === null ? null : copyContainer(value, budget, depth)
    default:
      throw functionError()
  }
}

function copyContainer(value: object, budget: { left: number }, depth: number): Json {
  if (depth >= expressionLimits.resultDepth) {
    throw limitError(`The expression yields a value of more than ${expressionLimits.resultDepth} levels.`)
  }
  spend(budget, 2)
  if (Array.isArray(value)) {
    const list: Json[] = []
    for (const item of value) {
      spend(budget, 1)
      list.push(copy(item, budget, depth + 1))
    }
    return list
  }
  if (isFunction(value)) throw functionError()
  const object: JsonObject = {}
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined || isDangerous(name, part)) continue
    spend(budget, name.length + 4)
    object[name] = copy(part, budget, depth + 1)
  }
  return object
}

/** A function as jsonata keeps it; data may have names like these but cannot hold a function. */
function isFunction(value: object): boolean {
  if ('_jsonata_function' in value)
    return 'implementation' in value && typeof value.implementation === 'function'
  if (!('_jsonata_lambda' in value && 'environment' in value)) return false
  const frame = value.environment
  return (
    typeof frame === 'object' && frame !== null && 'lookup' in frame && typeof frame.lookup === 'function'
  )
}

/** What a careless deep merge further on would turn into a change of all objects. */
function isDangerous(name: string, part: unknown): boolean {
  if (name === '__proto__') return true
  return (
    name === 'constructor' && typeof part === 'object' && part !== null && Object.hasOwn(part, 'prototype')
  )
}

function spend(budget: { left: number }, chars: number) {
  budget.left -= chars
  if (budget.left < 0) throw limitError('The expression yields more than 1 MiB.')
}

function functionError(): ExpressionError {
  return new ExpressionError(
    'expression_failed',
    'The expression yields a function, not a value. Call it: write its arguments in parentheses behind it.',
  )
}
