import { isObject, type Json } from '@/flow/json'
import { splitNames } from './words'

/** What a prompt says outright: `name: value` lines and the members of JSON inside it, by the plain form of their names. */
export type Facts = ReadonlyMap<string, Json>

/** `dueDate`, `due_date` and `Due date` are one name. */
export function plainName(name: string): string {
  return splitNames(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export function factsOf(text: string): Facts {
  const facts = new Map<string, Json>()
  const add = (name: string, value: Json) => {
    const key = plainName(name)
    if (key !== '' && !facts.has(key)) facts.set(key, value)
  }
  for (const json of jsonIn(text)) addMembers(json, add)
  for (const [, name, value] of text.matchAll(
    /^[ \t>*-]*([\p{L}][\p{L}\p{N} _-]{0,40}?)\s*[:=]\s*([^\s].*)$/gmu,
  )) {
    if (name !== undefined && value !== undefined) add(name, readValue(value.trim()))
  }
  return facts
}

function addMembers(value: Json, add: (name: string, value: Json) => void): void {
  if (Array.isArray(value)) return value.slice(0, 50).forEach((each) => addMembers(each, add))
  if (!isObject(value)) return
  const members = Object.entries(value) as [string, Json][]
  for (const [name, member] of members) add(name, member)
  for (const [, member] of members) addMembers(member, add)
}

/** Each attempt may read to the end of the text: a text of nothing but brackets must not take for ever. */
const attemptLimit = 100

/** The objects and lists written out as JSON in a text, outermost only. */
export function jsonIn(text: string): Json[] {
  const found: Json[] = []
  let attempts = 0
  for (let at = 0; at < text.length && attempts < attemptLimit; at++) {
    const open = text[at]
    if (open !== '{' && open !== '[') continue
    attempts += 1
    const end = closingOf(text, at)
    const json = end === null ? undefined : tryParse(text.slice(at, end + 1))
    if (json === undefined || end === null) continue
    found.push(json)
    at = end
  }
  return found
}

/** Where the bracket at `start` closes, strings taken into account; null when it never does. */
function closingOf(text: string, start: number): number | null {
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (isInString) {
      if (char === '\\') at += 1
      else if (char === '"') isInString = false
    } else if (char === '"') isInString = true
    else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return null
}

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readValue(text: string): Json {
  const bare = text.replace(/[,;]$/, '')
  return tryParse(bare) ?? bare.replace(/^"(.*)"$/, '$1')
}
