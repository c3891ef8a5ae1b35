import { parseExpression } from './parse'
import type { RootedPath, Segment } from './paths'
import { nameText } from './requirement'
import { rootNames, type RootName } from './root-names'

/** A use of the root: `steps.assess.risk` has root `steps` and path `['assess', 'risk']`. Offsets are 0-based. */
export interface Reference {
  /** One of the names that expressions know, or any other name that was written in its place. */
  root: RootName | (string & {})
  path: string[]
  from: number
  to: number
  /** Within `$exists(…)` or on the left of a default. */
  optional: boolean
}

/** All references of a source, in its order; none when it cannot be parsed. Read from the syntax tree. */
export function referencesOf(source: string): Reference[] {
  return rootedPaths(source)
    .map((path) => {
      const [root, ...rest] = path.segments.map((segment) => segment.name)
      return { root: root ?? '', path: rest, from: path.from, to: path.to, optional: path.place.optional }
    })
    .sort((left, right) => left.from - right.from)
}

/**
 * The source with every reference to one step made to another: `steps.from`, `run.steps.from`, `$$.steps.from` and
 * `$lookup(steps, "from")`, quoted or not. All else stays to the character. A source that cannot be parsed stays.
 * Renaming there and back gives the source again when the new name was free and needs no quotes.
 */
export function renameStep(source: string, from: string, to: string): string {
  const found = new Map<number, Segment>()
  for (const path of rootedPaths(source)) {
    const segment = stepSegment(path)
    if (segment?.name === from) found.set(segment.from, segment)
  }
  let renamed = source
  for (const segment of [...found.values()].sort((left, right) => right.from - left.from)) {
    const written = source.slice(segment.from, segment.to)
    renamed = renamed.slice(0, segment.from) + quotedAs(written, to) + renamed.slice(segment.to)
  }
  return renamed
}

/** Whether steps are used in a way that names cannot be read from, such as `$keys(steps)` or `$$`. */
export function dynamicSteps(source: string): boolean {
  const parsed = parseExpression(source)
  if (!parsed.ok) return false
  const { reading } = parsed.expression
  if (reading.whole) return true
  return reading.paths.some((path) => {
    const names = path.segments.map((segment) => segment.name)
    return names[0] === 'steps'
      ? names.length === 1
      : names[0] === 'run' && (names.length === 1 || (names[1] === 'steps' && names.length === 2))
  })
}

export function isRootName(name: string): name is RootName {
  return (rootNames as readonly string[]).includes(name)
}

function rootedPaths(source: string): readonly RootedPath[] {
  const parsed = parseExpression(source)
  return parsed.ok ? parsed.expression.reading.paths : []
}

/** The part of a path that names a step. */
export function stepSegment({ segments }: Pick<RootedPath, 'segments'>): Segment | undefined {
  const [root, first, second] = segments
  if (root?.name === 'steps') return first
  return root?.name === 'run' && first?.name === 'steps' ? second : undefined
}

function quotedAs(written: string, name: string): string {
  const quote = written[0]
  if (quote === '"' || quote === "'") return `${quote}${name}${quote}`
  return quote === '`' ? `\`${name}\`` : nameText(name)
}
