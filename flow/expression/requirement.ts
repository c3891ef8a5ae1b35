import { isObject } from '../json'

/** A reference that must lead somewhere when it is read: names from the root on. */
export interface Requirement {
  names: readonly string[]
  /** 0-based offset in the source. */
  from: number
}

/**
 * Whether names lead to a value. In a list it is enough that one item has it, and a list without items lacks nothing:
 * there is nobody to ask. Null is a value; a name of null, of a text or of a number is none.
 */
export function resolves(value: unknown, names: readonly string[], at = 0): boolean {
  const name = names[at]
  if (name === undefined) return value !== undefined
  if (Array.isArray(value)) return value.length === 0 || value.some((item) => resolves(item, names, at))
  if (!isObject(value) || !Object.hasOwn(value, name) || posesAsFunction(value)) return false
  return resolves(value[name], names, at + 1)
}

/** jsonata takes such data for a function of its own and finds no names in it. */
export function posesAsFunction(value: { [key: string]: unknown }): boolean {
  return value._jsonata_lambda === true || value._jsonata_function === true
}

/** Says how far the names lead and what is there instead. */
export function requirementMessage(root: unknown, names: readonly string[]): string {
  let reached = 0
  while (reached < names.length && resolves(root, names.slice(0, reached + 1))) reached++
  const missing = pathText(names.slice(0, reached + 1))
  const whole = pathText(names)
  const remedy = `If it may be missing, write \`${whole} ?: …\` with a default, or test it with \`$exists(${whole})\`.`
  if (reached === 0) return `\`${missing}\` is not a name that expressions know here. ${remedy}`
  const there = namesAt(root, names.slice(0, reached))
  const holder = pathText(names.slice(0, reached))
  const has =
    there.length === 0
      ? `\`${holder}\` holds nothing by a name.`
      : `\`${holder}\` holds ${there.slice(0, 8).join(', ')}${there.length > 8 ? ', …' : ''}.`
  return `\`${missing}\` is missing: ${has} ${remedy}`
}

/** Names as JSONata writes them: in backticks where they are not plain words. */
export function pathText(names: readonly string[]): string {
  return names.map(nameText).join('.')
}

export function nameText(name: string): string {
  const plain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
  return plain && !['and', 'or', 'in', 'true', 'false', 'null', 'function'].includes(name)
    ? name
    : `\`${name}\``
}

function namesAt(value: unknown, names: readonly string[]): string[] {
  const [name, ...rest] = names
  if (Array.isArray(value)) {
    return [...new Set(value.slice(0, 20).flatMap((item: unknown) => namesAt(item, names)))]
  }
  if (!isObject(value)) return []
  if (name === undefined) return Object.keys(value)
  return Object.hasOwn(value, name) ? namesAt(value[name], rest) : []
}
