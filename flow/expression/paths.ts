import { isVariable, walk, type Place, type Slot, type TreeNode } from './tree'
import type { Token } from './tokens'

/** One name of a reference, with its offsets in the source, quotes included. */
export interface Segment {
  name: string
  from: number
  to: number
}

/** A chain of names that begins at the root: `steps.assess.risk`, `$$.trigger.id`, `$lookup(steps, "a")`. */
export interface RootedPath {
  segments: Segment[]
  /** Offsets of the whole chain. */
  from: number
  to: number
  place: Place
  node: TreeNode
  /** Where the node hangs; none at the top. */
  slot?: Slot
  /** The last name is an argument of `$lookup`: known to us, but jsonata yields nothing when it is missing. */
  lookedUp?: boolean
}

/** What an expression reads. */
export interface Reading {
  paths: RootedPath[]
  /** Chains of names that begin in an item, not at the root: their names, for the slips that mistake one for the other. */
  inner: Segment[][]
  /** The root as a whole is used (`$$`, `*`, `**`, `@`), so anything may be read. */
  whole: boolean
  /** Called names without `$`, such as `count(x)`. */
  calls: Segment[]
}

export function readingOf(tree: TreeNode, tokens: readonly Token[]): Reading {
  const byEnd = new Map(tokens.map((token) => [token.to, token]))
  const reading: Reading = { paths: [], inner: [], whole: false, calls: [] }
  const called = new Set<TreeNode>()
  const inPath = new Set<TreeNode>()

  walk(tree, (node, place, holder, key) => {
    if (node.focus !== undefined) reading.whole = true
    if (node.type === 'function' || node.type === 'partial') {
      const procedure = node.procedure
      if (procedure?.type === 'path') {
        called.add(procedure)
        reading.calls.push(...segmentsOf(procedure.steps ?? [], 0, byEnd).slice(0, 1))
      }
    }
    if (node.type === 'path') {
      for (const step of node.steps ?? []) inPath.add(step)
      if (called.has(node)) return
      const path = pathOf(node, place, byEnd)
      if (path === 'whole') reading.whole = true
      else if (path && 'segments' in path)
        reading.paths.push(holder && key !== undefined ? { ...path, slot: { holder, key } } : path)
      else if (path) reading.inner.push(path)
    } else if (!inPath.has(node) && isWhole(node, place)) {
      reading.whole = true
    }
    const looked = lookupOf(node, place, byEnd)
    if (looked) reading.paths.push(looked)
  })
  return dropShadowed(reading)
}

function isWhole(node: TreeNode, place: Place): boolean {
  if (isVariable(node, '$')) return true
  if (place.relative) return false
  return (
    isVariable(node, '') || node.type === 'wildcard' || node.type === 'descendant' || node.type === 'parent'
  )
}

/** The rooted chain that a path begins with; its names alone when they are an item's; undefined for other paths. */
function pathOf(
  node: TreeNode,
  place: Place,
  byEnd: ReadonlyMap<number, Token>,
): RootedPath | Segment[] | 'whole' | undefined {
  const steps = node.steps ?? []
  const first = steps[0]
  if (!first) return undefined
  const explicit = isVariable(first, '$') || (isVariable(first, '') && !place.relative)
  if (first.type !== 'name' && !explicit) return isWhole(first, place) ? 'whole' : undefined
  const segments = segmentsOf(steps, explicit ? 1 : 0, byEnd)
  const start = segments[0]
  const end = segments.at(-1)
  if (!start || !end) return explicit ? 'whole' : undefined
  if (!explicit && place.relative) return segments
  const from = explicit ? (first.position ?? 0) - String(first.value).length - 1 : start.from
  return { segments, from, to: end.to, place, node }
}

/** The names from a step on, up to the first step that is none or after which the context stays (`@$name`). */
function segmentsOf(steps: readonly TreeNode[], from: number, byEnd: ReadonlyMap<number, Token>): Segment[] {
  const segments: Segment[] = []
  for (const step of steps.slice(from)) {
    if (step.type !== 'name' || typeof step.value !== 'string') break
    const to = step.position ?? 0
    segments.push({ name: step.value, from: byEnd.get(to)?.from ?? to - step.value.length, to })
    if (step.focus !== undefined) break
  }
  return segments
}

/** `$lookup(steps, "name")` reads `steps.name`. */
function lookupOf(node: TreeNode, place: Place, byEnd: ReadonlyMap<number, Token>): RootedPath | undefined {
  if (node.type !== 'function' || !isVariable(node.procedure, 'lookup')) return undefined
  const [object, key] = node.arguments ?? []
  if (object?.type !== 'path' || key?.type !== 'string' || typeof key.value !== 'string') return undefined
  const path = pathOf(object, place, byEnd)
  if (!path || path === 'whole' || !('segments' in path)) return undefined
  if (path.segments.length !== namesIn(object)) return undefined
  const to = key.position ?? 0
  const segment = { name: key.value, from: byEnd.get(to)?.from ?? to, to }
  const slot = node.arguments && { holder: node.arguments, key: 0 }
  return { ...path, segments: [...path.segments, segment], to, lookedUp: true, slot }
}

function namesIn(path: TreeNode): number {
  const steps = path.steps ?? []
  return steps[0]?.type === 'variable' ? steps.length - 1 : steps.length
}

/** The object of a `$lookup` with a known key is read through that key only. */
function dropShadowed(reading: Reading): Reading {
  const starts = new Set(reading.paths.filter((path) => path.lookedUp).map((path) => path.from))
  return { ...reading, paths: reading.paths.filter((path) => path.lookedUp || !starts.has(path.from)) }
}
