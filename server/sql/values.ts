import pg from 'pg'
import { parse as parseArray } from 'postgres-array'
import type { Json } from '@/flow/json'

type Read = (text: string) => Json

const { builtins } = pg.types

/** A number where JSON can hold it exactly, else the text: a bigint that is too large, a numeric of many digits, NaN. */
function number(text: string): Json {
  const value = Number(text)
  if (!Number.isFinite(value)) return text
  const isWhole = /^-?\d+$/.test(text)
  const isExact = isWhole ? Number.isSafeInteger(value) : text.replace(/\D/g, '').length <= 15
  return isExact ? value : text
}

/** Floats are already what JSON can hold, but for NaN and the infinities. */
function float(text: string): Json {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

/** As ISO 8601 in UTC. `infinity` and years before Christ stay as Postgres writes them. */
function instant(text: string): Json {
  const at = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}

const local: Read = (text) => text.replace(' ', 'T')
const boolean: Read = (text) => text === 't'
const json: Read = (text) => JSON.parse(text) as Json
const bytes: Read = (text) => Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64')
const plain: Read = (text) => text

const scalars = new Map<number, Read>([
  [builtins.INT2, number],
  [builtins.INT4, number],
  [builtins.INT8, number],
  [builtins.OID, number],
  [builtins.NUMERIC, number],
  [builtins.FLOAT4, float],
  [builtins.FLOAT8, float],
  [builtins.BOOL, boolean],
  [builtins.JSON, json],
  [builtins.JSONB, json],
  [builtins.BYTEA, bytes],
  [builtins.TIMESTAMP, local],
  [builtins.TIMESTAMPTZ, instant],
])

/** Lists of these come as JSON lists; pg_type's numbers of the list and of its elements. */
const lists: readonly [list: number, element: number][] = [
  [1000, builtins.BOOL],
  [1001, builtins.BYTEA],
  [1005, builtins.INT2],
  [1007, builtins.INT4],
  [1009, builtins.TEXT],
  [1014, builtins.BPCHAR],
  [1015, builtins.VARCHAR],
  [1016, builtins.INT8],
  [1021, builtins.FLOAT4],
  [1022, builtins.FLOAT8],
  [1115, builtins.TIMESTAMP],
  [1182, builtins.DATE],
  [1183, builtins.TIME],
  [1185, builtins.TIMESTAMPTZ],
  [1231, builtins.NUMERIC],
  [199, builtins.JSON],
  [2951, builtins.UUID],
  [3807, builtins.JSONB],
]

for (const [list, element] of lists) {
  const read = scalars.get(element) ?? plain
  scalars.set(list, (text) => parseArray<Json>(text, read))
}

/** How a value of a type (by its number in pg_type), as Postgres writes it, becomes JSON. Types unknown here stay text. */
export function readerOf(type: number): Read {
  return scalars.get(type) ?? plain
}
