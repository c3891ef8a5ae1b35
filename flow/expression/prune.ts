import { isObject } from '../json'
import type { Compiled } from './parse'

/**
 * The part of a root that an expression can read: the names it mentions, and of `steps` the steps it mentions. What
 * goes to a thread is copied, so a small expression over a large run should not take the run along.
 */
export function prunedRoot(compiled: Pick<Compiled, 'reading'>, root: unknown): unknown {
  if (compiled.reading.whole || !isObject(root)) return root
  const pruned: Record<string, unknown> = {}
  for (const { segments } of compiled.reading.paths) {
    const [first, second] = segments
    if (!first || !Object.hasOwn(root, first.name)) continue
    const value = root[first.name]
    if (first.name !== 'steps' || !isObject(value) || !second) {
      pruned[first.name] = value
    } else if (pruned.steps !== value) {
      const kept = isObject(pruned.steps) ? pruned.steps : {}
      if (Object.hasOwn(value, second.name)) kept[second.name] = value[second.name]
      pruned.steps = kept
    }
  }
  return pruned
}
