import { isObject } from '../json'
import type { Scope } from './direct'

/** Thrown where only jsonata knows the value or the error: it then evaluates all again. */
export const unsure = new Error('Left to jsonata.')

type Operate = (left: unknown, right: unknown, scope: Scope) => unknown

/** jsonata's operators whose both sides are evaluated first. Each throws where jsonata would. */
export const operators: ReadonlyMap<string, Operate> = new Map<string, Operate>([
  ['+', numeric((left, right) => left + right)],
  ['-', numeric((left, right) => left - right)],
  ['*', numeric((left, right) => left * right)],
  ['/', numeric((left, right) => left / right)],
  ['%', numeric((left, right) => left % right)],
  ['<', comparing((left, right) => left < right)],
  ['<=', comparing((left, right) => left <= right)],
  ['>', comparing((left, right) => left > right)],
  ['>=', comparing((left, right) => left >= right)],
  ['=', (left, right) => left !== undefined && right !== undefined && isSame(left, right)],
  ['!=', (left, right) => left !== undefined && right !== undefined && !isSame(left, right)],
  ['in', (left, right) => left !== undefined && (Array.isArray(right) ? right : [right]).indexOf(left) >= 0],
  ['&', (left, right, scope) => textOf(left, scope) + textOf(right, scope)],
])

/** As `$boolean`, with false for nothing. */
export function isTrue(value: unknown, scope: Scope): boolean {
  if (typeof value === 'boolean') return value
  return value !== undefined && scope.native('boolean', value) === true
}

export function negative(value: unknown): unknown {
  return value === undefined ? undefined : -finite(value)
}

function numeric(operate: (left: number, right: number) => number) {
  return (left: unknown, right: unknown): unknown => {
    if (left !== undefined) finite(left)
    if (right !== undefined) finite(right)
    return left === undefined || right === undefined ? undefined : operate(finite(left), finite(right))
  }
}

function finite(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unsure
  return value
}

function comparing(compare: (left: number | string, right: number | string) => boolean) {
  return (left: unknown, right: unknown): unknown => {
    const one = comparable(left)
    const other = comparable(right)
    if (one === undefined || other === undefined) return undefined
    if (typeof one !== typeof other) throw unsure
    return compare(one, other)
  }
}

function comparable(value: unknown): number | string | undefined {
  if (value === undefined || typeof value === 'number' || typeof value === 'string') return value
  throw unsure
}

/** Lists and objects are compared part by part, which may be long and is left to jsonata. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left === 'object' && typeof right === 'object' && left !== null && right !== null) throw unsure
  return false
}

function textOf(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  if (isObject(value) || Array.isArray(value)) throw unsure
  return String(scope.native('string', value))
}
