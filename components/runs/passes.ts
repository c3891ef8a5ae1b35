import { isObject, type Json } from '@/flow/json'
import type { PassResult } from '@/flow/kind'
import type { RunState, StepState } from '@/flow/run/state'
import { parseScope, parseStepId, topScope, type Scope } from '@/flow/run/step-id'

/** Which item (or round of a loop) of a container a person looks at: its scope, by the container's node. */
export type Picks = ReadonlyMap<string, Scope>
export const noPicks: Picks = new Map()

/** Whether what is at a place is of the picked items. */
export function inSight(scope: Scope, picks: Picks): boolean {
  if (picks.size === 0) return true
  return scopesOf(scope).every(({ node, scope: each }) => (picks.get(node) ?? each) === each)
}

/** The item that a place is in, and those around that, inner ones first. */
function scopesOf(scope: Scope): { node: string; scope: Scope }[] {
  const found: { node: string; scope: Scope }[] = []
  for (let at = scope; at !== topScope;) {
    const around = parseScope(at)
    if (!around) break
    const container = parseStepId(around.container)
    found.push({ node: container.node, scope: at })
    at = container.scope
  }
  return found
}

/** The picks that show a place. */
export function picksOf(scope: Scope): Picks {
  return new Map(scopesOf(scope).map(({ node, scope: each }) => [node, each]))
}

/** Picks another item of a container, null: all of them; what was picked inside of others of its items is let go. */
export function withPick(picks: Picks, node: string, scope: Scope | null): Picks {
  const next = new Map(
    [...picks].filter(([, each]) => !scopesOf(each).some((around) => around.node === node)),
  )
  if (scope !== null) for (const [around, each] of picksOf(scope)) next.set(around, each)
  return next
}

/** How many items of a container there are, are done, and failed. */
export interface PassCounts {
  all: number
  done: number
  failed: number
}

/** By the nodes of the containers that a run has been in, as far as the picks show them. */
export function passCounts(state: RunState, picks: Picks): ReadonlyMap<string, PassCounts> {
  const counts = new Map<string, PassCounts>()
  const add = (node: string, more: PassCounts) => {
    const sum = counts.get(node) ?? { all: 0, done: 0, failed: 0 }
    counts.set(node, {
      all: sum.all + more.all,
      done: sum.done + more.done,
      failed: sum.failed + more.failed,
    })
  }
  for (const [container, body] of state.bodies) {
    if (!inSight(parseStepId(container).scope, picks)) continue
    // A loop opens its body anew for each round: those before are done.
    const before = body.wait.first
    const { failed } = resultCounts(body.results)
    add(body.node, {
      all: before + body.wait.items.length,
      done: before + body.settled - failed,
      failed,
    })
  }
  for (const step of state.steps.values()) {
    const spread = step.wait?.for === 'runs' && inSight(step.scope, picks) ? spreadCounts(step) : null
    if (spread) add(step.node, spread)
  }
  return counts
}

/** Of a container whose items are spread over runs of their own; null for a step that calls one flow. */
function spreadCounts(step: StepState): PassCounts | null {
  if (step.wait?.for !== 'runs') return null
  const slices = step.wait.calls.map((call) => ('slice' in call ? call.slice.items.length : null))
  if (slices.includes(null)) return null
  let done = 0
  let failed = 0
  for (const resolution of step.resolutions) {
    if (resolution.by !== 'run') continue
    const results = Array.isArray(resolution.output) ? resolution.output : []
    const bad = results.filter((result) => isObject(result) && 'error' in result).length
    done += results.length - bad
    failed += bad
  }
  return { all: slices.reduce<number>((sum, size) => sum + (size ?? 0), 0), done, failed }
}

function resultCounts(results: readonly (PassResult | undefined)[]): { failed: number } {
  return { failed: results.filter((result) => result && 'error' in result).length }
}

/** One item of a container as a list shows it. */
export interface Pass {
  scope: Scope
  /** From 0. */
  index: number
  status: 'failed' | 'going' | 'done'
  item: Json
}

/** The items of a container that have begun, as far as the picks of the containers around show them; failed ones first. */
export function passesOf(state: RunState, node: string, picks: Picks): Pass[] {
  const around: Picks = new Map([...picks].filter(([each]) => each !== node))
  const passes: Pass[] = []
  for (const [scope, item] of state.items) {
    const place = parseScope(scope)
    if (!place || parseStepId(place.container).node !== node || !inSight(scope, around)) continue
    const body = state.bodies.get(place.container)
    const result = body?.results[place.index - body.wait.first]
    const isBefore = body !== undefined && place.index < body.wait.first
    const status = result && 'error' in result ? 'failed' : result || isBefore ? 'done' : 'going'
    passes.push({ scope, index: place.index, status, item })
  }
  const rank = { failed: 0, going: 1, done: 2 } as const
  return passes.sort((a, b) => rank[a.status] - rank[b.status] || a.index - b.index)
}
