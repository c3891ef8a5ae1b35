/**
 * A step is a node at a place in a run. Its id is the path of places from the outside in, joined by `/`:
 * `assess`, `ask#2` (second round), `each_customer[3]/email` (item 3, counted from 0), `each#2[0]/mail#3`.
 * A segment is `node`, then `#round` when the round is above 1, then `[item]` when it leads inside a container.
 */
export type StepId = string & { readonly __brand?: 'StepId' }

/** The place that steps of one body share: '' for the top, else the container's step id and item: `each#2[0]`. */
export type Scope = string & { readonly __brand?: 'Scope' }

export const topScope: Scope = ''

const plain = /^[A-Za-z]\w*$/
const segment = /^([A-Za-z]\w*)(?:#(\d+))?$/

export function stepIdOf(scope: Scope, node: string, round: number): StepId {
  const name = round > 1 ? `${node}#${round}` : node
  return scope === topScope ? name : `${scope}/${name}`
}

/** The scope inside a container's step for one of its items (or rounds of a loop), counted from 0. */
export function itemScope(container: StepId, index: number): Scope {
  return `${container}[${index}]`
}

export function parseStepId(id: StepId): { scope: Scope; node: string; round: number } {
  // Nearly every step is the first round of a node at the top, and asked about many times in a run.
  if (plain.test(id)) return { scope: topScope, node: id, round: 1 }
  const slash = id.lastIndexOf('/')
  const name = id.slice(slash + 1)
  const scope = id.slice(0, Math.max(0, slash))
  if (plain.test(name)) return { scope, node: name, round: 1 }
  const [, node, round] = segment.exec(name) ?? []
  if (node === undefined) throw new RangeError(`Not a step id: ${id}`)
  return { scope, node, round: round === undefined ? 1 : Number(round) }
}

/** The container step and item index that a scope stands for; null at the top. */
export function parseScope(scope: Scope): { container: StepId; index: number } | null {
  if (scope === topScope) return null
  const open = scope.lastIndexOf('[')
  return { container: scope.slice(0, open), index: Number(scope.slice(open + 1, -1)) }
}
