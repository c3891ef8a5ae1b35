import { edgeKey, type EdgeKey, type FlowDocument, type FlowEdge } from '@/flow/document'
import type { Usage, Wait } from '@/flow/kind'
import { isTerminal, type StepErrorData, type StepStatus } from '@/flow/run/event'
import type { RunState, StepState } from '@/flow/run/state'
import { topScope, type StepId } from '@/flow/run/step-id'
import { usageOfSteps } from './usage'
import { inSight, noPicks, passCounts, type PassCounts, type Picks } from './passes'

/** What the canvas draws on one node: its latest step, and how often it ran. */
export interface NodeOverlay {
  status: StepStatus
  /** Place in the order of the run, from 1; 0 when skipped. */
  order: number
  /** Absent while it runs. */
  durationMs?: number
  /** ISO 8601; counts up from here while it runs. */
  startedAt?: string
  /** How many times it ran, over all rounds and items. */
  rounds: number
  /** Attempts beyond the first of the shown step. */
  retries: number
  /** While it pauses between attempts. */
  retryAt?: string
  wait?: Wait
  /** What a model has written so far, while it writes. */
  text?: string
  error?: StepErrorData
  instead?: StepState['instead']
  /** Of all times it ran. */
  usage?: Usage
  /** Of a container, and of a step that ran for several items: how many there are, are done, failed. */
  counts?: PassCounts
  step: StepId
}

/** What the canvas draws on one edge. */
export interface EdgeOverlay {
  /** How many times the run went over it. */
  taken: number
  /** Decided against: nothing will come this way. */
  dead: boolean
  /** Something is on its way to a step that has not begun. */
  active: boolean
}

/** One state of a run, arranged by node and edge. Entries that did not change keep their identity. */
export interface Overlay {
  steps: ReadonlyMap<string, readonly StepState[]>
  /** Of these, those of the items that are picked. */
  seen: ReadonlyMap<string, readonly StepState[]>
  picks: Picks
  nodes: ReadonlyMap<string, NodeOverlay>
  edges: ReadonlyMap<EdgeKey, EdgeOverlay>
  /** The run has ended: nothing is on its way any more. */
  over: boolean
}

export const noOverlay: Overlay = {
  steps: new Map(),
  seen: new Map(),
  picks: noPicks,
  nodes: new Map(),
  edges: new Map(),
  over: false,
}

/** Of several steps of one node, the one that a person wants to see: what goes on now, then the newest. */
const urgency: Record<StepStatus, number> = {
  running: 3,
  waiting: 2,
  failed: 1,
  completed: 1,
  cancelled: 1,
  skipped: 0,
}

/** Of many items the failed ones are looked for; of the rounds of one step the newest is. */
function urgencyOf({ status, scope }: StepState): number {
  return status === 'failed' && scope !== topScope ? 1.5 : urgency[status]
}

/** The step that stands for its node. */
export function leadingStep(steps: readonly StepState[]): StepState | undefined {
  let leading: StepState | undefined
  for (const step of steps) {
    if (!leading || urgencyOf(step) >= urgencyOf(leading)) leading = step
  }
  return leading
}

export function overlayOf(
  document: FlowDocument,
  state: RunState,
  texts: ReadonlyMap<StepId, string>,
  before: Overlay = noOverlay,
  picks: Picks = before.picks,
): Overlay {
  const steps = groupByNode(state, before.steps)
  const isSamePick = picks === before.picks
  const seen = picks.size === 0 ? steps : seenOf(steps, picks, isSamePick ? before : null)
  const counts = passCounts(state, picks)
  const nodes = new Map<string, NodeOverlay>()
  for (const [node, group] of seen) {
    const kept = before.nodes.get(node)
    const isUntouched = isSamePick && before.seen.get(node) === group
    const ownCounts = counts.get(node) ?? (isUntouched ? kept?.counts : groupCounts(group))
    if (
      kept &&
      isUntouched &&
      sameCounts(kept.counts, ownCounts) &&
      kept.text === textOf(kept.status, kept.step, texts)
    ) {
      nodes.set(node, kept)
      continue
    }
    const leading = leadingStep(group)
    if (!leading) continue
    const drawn = nodeOverlay(leading, group, textOf(leading.status, leading.id, texts))
    nodes.set(node, ownCounts ? { ...drawn, counts: ownCounts } : drawn)
  }
  const edges = new Map<EdgeKey, EdgeOverlay>()
  const over = isTerminal(state.status)
  const ports = solePorts(document.edges)
  for (const edge of document.edges) {
    const key = edgeKey(edge)
    const isUntouched =
      over === before.over &&
      isSamePick &&
      seen.get(edge.from) === before.seen.get(edge.from) &&
      seen.has(edge.to) === before.seen.has(edge.to)
    const fresh = isUntouched
      ? before.edges.get(key)
      : edgeOverlay(edge, seen, over, ports.get(edge.from) === edge.port)
    if (!fresh) continue
    const kept = before.edges.get(key)
    edges.set(key, kept && sameEdge(kept, fresh) ? kept : fresh)
  }
  return { steps, seen, picks, nodes, edges, over }
}

function textOf(status: StepStatus, step: StepId, texts: ReadonlyMap<StepId, string>): string | undefined {
  return status === 'running' ? texts.get(step) : undefined
}

/** The steps of the picked items; groups that stay the same keep their identity. */
function seenOf(steps: Overlay['steps'], picks: Picks, before: Overlay | null): Overlay['seen'] {
  const seen = new Map<string, readonly StepState[]>()
  for (const [node, group] of steps) {
    const kept = before?.seen.get(node)
    if (kept && before?.steps.get(node) === group) {
      seen.set(node, kept)
      continue
    }
    const shown = group.filter((step) => inSight(step.scope, picks))
    if (shown.length > 0) seen.set(node, shown)
  }
  return seen
}

/** Counts of a step inside a container that ran for more than one of its items; of each its newest round. */
function groupCounts(group: readonly StepState[]): PassCounts | undefined {
  const first = group[0]
  if (!first || first.scope === topScope || group.every((step) => step.scope === first.scope))
    return undefined
  const newest = new Map(group.map((step) => [step.scope, step.status]))
  let done = 0
  let failed = 0
  for (const status of newest.values()) {
    if (status === 'failed') failed++
    else if (status === 'completed' || status === 'skipped') done++
  }
  return { all: newest.size, done, failed }
}

function sameCounts(a: PassCounts | undefined, b: PassCounts | undefined): boolean {
  return a === b || (a?.all === b?.all && a?.done === b?.done && a?.failed === b?.failed)
}

/** The same overlay with more text under one step; nothing else changes identity. */
export function withText(overlay: Overlay, node: string, step: StepId, text: string): Overlay {
  const kept = overlay.nodes.get(node)
  if (!kept || kept.step !== step || kept.status !== 'running') return overlay
  return { ...overlay, nodes: new Map(overlay.nodes).set(node, { ...kept, text }) }
}

/** Steps by node. A group none of whose steps changed is the same array as before: 10,000 steps regroup in about 1 ms. */
function groupByNode(state: RunState, before: Overlay['steps']): Map<string, readonly StepState[]> {
  const open = new Map<string, { kept: readonly StepState[]; count: number; fresh: StepState[] | null }>()
  for (const step of state.steps.values()) {
    let group = open.get(step.node)
    if (!group) open.set(step.node, (group = { kept: before.get(step.node) ?? [], count: 0, fresh: null }))
    if (group.fresh) group.fresh.push(step)
    else if (group.kept[group.count] !== step) group.fresh = [...group.kept.slice(0, group.count), step]
    group.count++
  }
  const groups = new Map<string, readonly StepState[]>()
  for (const [node, { kept, count, fresh }] of open) {
    groups.set(node, fresh ?? (kept.length === count ? kept : kept.slice(0, count)))
  }
  return groups
}

/** A step that waits for its items or for runs of its own is at work, as people see it. */
function isAtWork({ status, wait }: StepState): boolean {
  return status === 'waiting' && (wait?.for === 'body' || wait?.for === 'runs')
}

function nodeOverlay(step: StepState, group: readonly StepState[], text: string | undefined): NodeOverlay {
  const overlay: NodeOverlay = {
    status: isAtWork(step) ? 'running' : step.status,
    order: step.order,
    rounds: group.reduce((count, each) => count + (each.status === 'skipped' ? 0 : 1), 0),
    retries: Math.max(0, step.attempt - 1),
    step: step.id,
  }
  if (step.durationMs !== undefined) overlay.durationMs = step.durationMs
  if (step.startedAt !== undefined) overlay.startedAt = step.startedAt
  if (step.retryAt !== undefined) overlay.retryAt = step.retryAt
  if (step.wait !== undefined && step.status === 'waiting') overlay.wait = step.wait
  if (step.error !== undefined) overlay.error = step.error
  if (step.instead !== undefined) overlay.instead = step.instead
  if (text !== undefined) overlay.text = text
  const usage = usageOfSteps(group)
  if (usage) overlay.usage = usage
  return overlay
}

/** Nodes with edges from one port only: while such a node runs, it is clear where it will go on. */
function solePorts(edges: readonly FlowEdge[]): Map<string, string | null> {
  const ports = new Map<string, string | null>()
  for (const { from, port } of edges) {
    const known = ports.get(from)
    ports.set(from, known === undefined || known === port ? port : null)
  }
  return ports
}

function edgeOverlay(
  edge: FlowEdge,
  steps: Overlay['seen'],
  over: boolean,
  sole: boolean,
): EdgeOverlay | undefined {
  const from = steps.get(edge.from)
  if (!from) return undefined
  let taken = 0
  let refused = 0
  let going = false
  for (const step of from) {
    if (step.status === 'skipped' || step.status === 'cancelled') refused++
    else if (step.ports?.includes(edge.port)) taken++
    else if (step.ports) refused++
    else if (step.status === 'running') going = true
  }
  const begun = steps.has(edge.to)
  const active = !over && !begun && (taken > 0 || (going && sole))
  return { taken, dead: taken === 0 && refused > 0 && !going, active }
}

function sameEdge(a: EdgeOverlay, b: EdgeOverlay): boolean {
  return a.taken === b.taken && a.dead === b.dead && a.active === b.active
}
