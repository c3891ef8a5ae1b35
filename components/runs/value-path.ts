import { isObject, type Json } from '@/flow/json'

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The expression that reads a member of the value that `path` reads: `steps.fetch.body`, `input[0]`, `` input.`a b` ``. */
export function memberPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return `${path}.${plainName.test(key) ? key : `\`${key}\``}`
}

export interface Member {
  key: string | number
  value: Json
}

/** What is inside a value; null when it has no inside. */
export function membersOf(value: Json): Member[] | null {
  if (Array.isArray(value)) return value.map((item, key) => ({ key, value: item }))
  return entriesOf(value)?.map(([key, item]) => ({ key, value: item })) ?? null
}

/** A value in a few characters: the whole of a small one, the size of a large one. */
export function glimpse(value: Json): string {
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`
  if (isObject(value)) {
    const count = Object.keys(value).length
    return count === 1 ? '1 field' : `${count} fields`
  }
  if (typeof value === 'string') return JSON.stringify(value.length > 300 ? `${value.slice(0, 300)}…` : value)
  return String(value)
}

/** The whole of a value, as it is copied: a text as itself, all else as JSON. */
export function printed(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** Columns and rows when the value is a list of objects, or one object as a list of its fields; null otherwise. */
export function tableOf(value: Json): { columns: string[]; rows: Json[][] } | null {
  if (Array.isArray(value)) {
    const items = value.map(entriesOf)
    if (items.length === 0 || items.includes(null)) return null
    const columns = [...new Set(items.flatMap((item) => (item ?? []).map(([key]) => key)))]
    const rows = items.map((item) => {
      const fields = new Map(item)
      return columns.map((name) => fields.get(name) ?? null)
    })
    return { columns, rows }
  }
  const entries = entriesOf(value)
  return entries && entries.length > 0 ? { columns: ['field', 'value'], rows: entries } : null
}

function entriesOf(value: Json): [string, Json][] | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null
}
