import { edgeKey, type FlowDocument, type FlowEdge, type FlowNode, type FlowNote } from '@/flow/document'
import type { Json, JsonObject } from '@/flow/json'

export type Side = 'mine' | 'theirs'

/** One thing in which two descendants of the same document differ. */
export interface Difference {
  /** Names it among all differences, such as `node/assess/config/prompt`. */
  key: string
  subject: { type: 'flow' | 'node' | 'note' | 'edge'; id: string; name: string }
  /** The field within its subject; null when all of the subject is meant: added or removed. */
  field: string | null
  base: Json | undefined
  mine: Json | undefined
  theirs: Json | undefined
  /** Who changed it. Only `both` needs a decision. */
  by: Side | 'both'
}

const flowFields = [
  'name',
  'description',
  'tags',
  'input',
  'output',
  'state',
  'settings',
  'extensions',
] as const

/** All differences of two documents that grew out of `base`, conflicts first. */
export function compareDocuments(base: FlowDocument, mine: FlowDocument, theirs: FlowDocument): Difference[] {
  const found = [
    ...fieldDifferences(
      'flow',
      { type: 'flow', id: mine.id, name: mine.name },
      flowPart(base),
      flowPart(mine),
      flowPart(theirs),
    ),
    ...listDifferences('node', byId(base.nodes), byId(mine.nodes), byId(theirs.nodes)),
    ...listDifferences('note', byId(base.notes), byId(mine.notes), byId(theirs.notes)),
    ...listDifferences('edge', byKey(base.edges), byKey(mine.edges), byKey(theirs.edges)),
  ]
  return found.sort((a, b) => Number(b.by === 'both') - Number(a.by === 'both'))
}

/** One document of both: each side's own changes, and of every conflict the side that `choose` says. */
export function mergeDocuments(
  base: FlowDocument,
  mine: FlowDocument,
  theirs: FlowDocument,
  choose: (difference: Difference) => Side,
): FlowDocument {
  const differences = compareDocuments(base, mine, theirs)
  const takeTheirs = new Set(
    differences
      .filter((each) => (each.by === 'both' ? choose(each) : each.by) === 'theirs')
      .map((each) => each.key),
  )
  const nodes = mergeList('node', byId(mine.nodes), byId(theirs.nodes), takeTheirs)
  const ids = new Set(nodes.map((node) => node.id))
  const edges = mergeList('edge', byKey(mine.edges), byKey(theirs.edges), takeTheirs)
  const flow = mergeFields('flow', flowPart(mine), flowPart(theirs), takeTheirs)
  return {
    ...mine,
    ...flow,
    nodes,
    edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
    notes: mergeList('note', byId(mine.notes), byId(theirs.notes), takeTheirs),
  }
}

function listDifferences<T extends FlowNode | FlowNote | FlowEdge>(
  type: 'node' | 'note' | 'edge',
  base: ReadonlyMap<string, T>,
  mine: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
): Difference[] {
  const ids = new Set([...base.keys(), ...mine.keys(), ...theirs.keys()])
  return [...ids].flatMap((id) => {
    const [b, m, t] = [base.get(id), mine.get(id), theirs.get(id)]
    const subject = { type, id, name: nameOf(m ?? t ?? b, id) }
    const key = `${type}/${id}`
    if (m && t) return fieldDifferences(key, subject, parts(b), parts(m), parts(t))
    const whole = difference(key, subject, null, asJson(b), asJson(m), asJson(t))
    return whole ? [whole] : []
  })
}

function fieldDifferences(
  key: string,
  subject: Difference['subject'],
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
): Difference[] {
  const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return [...fields].flatMap((field) => {
    const found = difference(`${key}/${field}`, subject, field, base[field], mine[field], theirs[field])
    return found ? [found] : []
  })
}

function difference(
  key: string,
  subject: Difference['subject'],
  field: string | null,
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
): Difference | null {
  if (same(mine, theirs)) return null
  const by = same(mine, base) ? 'theirs' : same(theirs, base) ? 'mine' : 'both'
  return { key, subject, field, base, mine, theirs, by }
}

function mergeList<T extends FlowNode | FlowNote | FlowEdge>(
  type: string,
  mine: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
  takeTheirs: ReadonlySet<string>,
): T[] {
  const merged: T[] = []
  for (const id of new Set([...mine.keys(), ...theirs.keys()])) {
    const [m, t] = [mine.get(id), theirs.get(id)]
    const key = `${type}/${id}`
    if (m && t) merged.push({ ...m, ...whole(mergeFields(key, parts(m), parts(t), takeTheirs), m, t) })
    else if (m && !takeTheirs.has(key)) merged.push(m)
    else if (t && takeTheirs.has(key)) merged.push(t)
  }
  return merged
}

/** The fields of both, those named in `takeTheirs` from their side. Absent ones are undefined. */
function mergeFields(
  key: string,
  mine: JsonObject,
  theirs: JsonObject,
  takeTheirs: ReadonlySet<string>,
): Record<string, Json | undefined> {
  const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return Object.fromEntries(
    [...fields].map((field) => [field, (takeTheirs.has(`${key}/${field}`) ? theirs : mine)[field]]),
  )
}

/** Config is compared key by key: two people at work on one step seldom type into the same field. */
function parts(value: FlowNode | FlowNote | FlowEdge | undefined): JsonObject {
  if (!value) return {}
  const fields = asObject(value)
  if (!('config' in value)) return fields
  const { config: _, ...rest } = fields
  const config = Object.entries(value.config).map(([name, each]) => [`config/${name}`, each] as const)
  return { ...rest, ...Object.fromEntries(config) }
}

/** Puts `config/…` fields back under `config`, and leaves out what is absent. */
function whole<T extends object>(fields: Record<string, Json | undefined>, mine: T, theirs: T): Partial<T> {
  const config: JsonObject = {}
  const rest: Record<string, Json | undefined> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith('config/')) rest[name] = value
    else if (value !== undefined) config[name.slice(7)] = value
  }
  const made = 'config' in mine || 'config' in theirs ? { ...rest, config } : rest
  return made as Partial<T>
}

function flowPart(document: FlowDocument): JsonObject {
  const all = asObject(document)
  return Object.fromEntries(
    flowFields.flatMap((field) => {
      const value = all[field]
      return value === undefined ? [] : [[field, value]]
    }),
  )
}

function nameOf(value: FlowNode | FlowNote | FlowEdge | undefined, id: string): string {
  if (!value) return id
  if ('from' in value) return `${value.from} → ${value.to}`
  return 'name' in value ? value.name || id : value.text.slice(0, 40) || 'Note'
}

function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((each) => [each.id, each]))
}
function byKey(list: readonly FlowEdge[]): Map<string, FlowEdge> {
  return new Map(list.map((each) => [edgeKey(each), each]))
}

/** Documents hold nothing but JSON; undefined fields are absent ones. */
function asJson(value: object | undefined): Json | undefined {
  return value && (JSON.parse(JSON.stringify(value)) as Json)
}
function asObject(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((each, index) => same(each, b[index]))
    )
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]))
}
