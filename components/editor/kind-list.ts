import type { Category, KindDefinition } from '@/flow/kind'
import { kinds } from '@/nodes/definitions'

/** In the order of the palette. */
const order: readonly { category: Category; title: string }[] = [
  { category: 'trigger', title: 'Triggers' },
  { category: 'agent', title: 'Agents' },
  { category: 'logic', title: 'Logic' },
  { category: 'people', title: 'People' },
  { category: 'action', title: 'Actions' },
  { category: 'data', title: 'Data' },
  { category: 'time', title: 'Time' },
]

export interface KindGroup {
  category: Category
  title: string
  kinds: readonly KindDefinition[]
}

/**
 * Kinds that fit a search, by category, best first. Every word must begin a word of the title, the keywords or the
 * category, or be inside the description; without words all are given in the order of the palette.
 */
export function searchKinds(
  query: string,
  fits: (kind: KindDefinition) => boolean = () => true,
): KindGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = order.flatMap(({ category, title }) => {
    const scored = kinds
      .all()
      .filter((kind) => kind.category === category && fits(kind))
      .map((kind) => ({ kind, distance: distanceOf(kind, title, words) }))
      .filter((each) => each.distance !== null)
      .sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0))
    const best = scored[0]?.distance ?? null
    return best === null ? [] : [{ category, title, kinds: scored.map((each) => each.kind), best }]
  })
  return groups.sort((a, b) => a.best - b.best)
}

/** 0: the title begins with it. 1: a word of the title does. 2: something else fits. Null: nothing does. */
function distanceOf(kind: KindDefinition, group: string, words: readonly string[]): number | null {
  if (words.length === 0) return 0
  const title = kind.title.toLowerCase()
  if (title.startsWith(words.join(' '))) return 0
  if (words.every((word) => ` ${title}`.includes(` ${word}`))) return 1
  const named = ` ${[title, kind.kind.replaceAll('_', ' '), group, ...(kind.keywords ?? [])].join(' ').toLowerCase()}`
  const about = kind.description.toLowerCase()
  return words.every((word) => named.includes(` ${word}`) || about.includes(word)) ? 2 : null
}
