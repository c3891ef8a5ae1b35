import { lookOf } from '@/components/canvas/node-look'
import type { FlowDocument } from '@/flow/document'
import type { StepStatus } from '@/flow/run/event'
import type { RunState, StepState } from '@/flow/run/state'
import { parseScope, type Scope, type StepId } from '@/flow/run/step-id'
import { leadingStep } from './overlay'
import { inSight, noPicks, type Picks } from './passes'
import type { Span } from './time-scale'

/** One try within a step's bar. */
interface Attempt extends Span {
  failed: boolean
}

/** One call of a model or a tool within a step's bar. */
interface Call extends Span {
  title: string
  kind: 'model' | 'tool'
  failed: boolean
}

/** One lane of the timeline: a step at its place in the run. Times are milliseconds since the run's start. */
export interface TimelineRow {
  step: StepId
  node: string
  name: string
  /** Faint words after the name: which round, which item. */
  place: string
  /** 0 at the top, 1 inside a container, … */
  depth: number
  status: StepStatus
  /** Null when it was skipped. */
  span: Span | null
  attempts: readonly Attempt[]
  /** What it has called, when it calls models and tools. */
  calls?: readonly Call[]
  durationMs: number | null
  /** Waits or waited for the outside: its time is not working time. */
  waits: boolean
  /** How many steps stand in this lane, when it is one lane for all items of a container. */
  count?: number
}

/**
 * The lanes of a run in the order in which steps began, the steps of a container under it, skipped ones last.
 * `nowMs` ends the bars of steps that go on.
 */
export function timelineRows(
  document: FlowDocument,
  state: RunState,
  nowMs: number,
  picks: Picks = noPicks,
): TimelineRow[] {
  const names = new Map<string, string>(document.nodes.map((node) => [node.id, lookOf(node).name]))
  const startMs = state.startedAt ? Date.parse(state.startedAt) : nowMs
  const children = new Map<string, StepState[]>()
  for (const step of state.steps.values()) {
    if (!inSight(step.scope, picks)) continue
    const inside = parseScope(step.scope)?.container ?? ''
    const group = children.get(inside)
    if (group) group.push(step)
    else children.set(inside, [step])
  }
  const known = rowsOf(document)
  const rows: TimelineRow[] = []
  const add = (container: string, depth: number) => {
    const group = children.get(container) ?? []
    if (isRepeated(group)) return addTogether(group, depth)
    for (const step of group.sort(byItemThenOrder)) {
      let row = known.get(step)
      if (!row) {
        row = rowOf(step, names.get(step.node) ?? step.node, depth, startMs, nowMs)
        if (step.endedAt !== undefined) known.set(step, row)
      }
      rows.push(row)
      if (children.has(step.id)) add(step.id, depth + 1)
    }
  }
  /** One lane a node for all of its items, with what is inside of them under it. */
  const addTogether = (group: readonly StepState[], depth: number) => {
    for (const [node, steps] of byNode(group)) {
      rows.push(togetherOf(steps, names.get(node) ?? node, depth, startMs, nowMs))
      const inside = steps.flatMap((step) => children.get(step.id) ?? [])
      if (inside.length > 0) addTogether(inside, depth + 1)
    }
  }
  add('', 0)
  return rows
}

/** Steps of more than one item. */
function isRepeated(group: readonly StepState[]): boolean {
  return group.some((step) => step.scope !== group[0]?.scope)
}

function byNode(group: readonly StepState[]): Map<string, StepState[]> {
  const nodes = new Map<string, StepState[]>()
  for (const step of [...group].sort((a, b) => a.order - b.order)) {
    const list = nodes.get(step.node)
    if (list) list.push(step)
    else nodes.set(step.node, [step])
  }
  return nodes
}

/** One lane for the steps of many items: stands for the one that a person wants to see, bars that touch are one. */
function togetherOf(
  steps: readonly StepState[],
  name: string,
  depth: number,
  startMs: number,
  nowMs: number,
): TimelineRow {
  const leading = leadingStep(steps) ?? steps[0]
  const failed = steps.filter((step) => step.status === 'failed').length
  const bars = steps
    .flatMap((step) => rowOf(step, name, depth, startMs, nowMs).attempts)
    .sort((a, b) => a.fromMs - b.fromMs)
  const joined: Attempt[] = []
  for (const bar of bars) {
    const last = joined.at(-1)
    if (last && last.failed === bar.failed && bar.fromMs <= last.toMs)
      last.toMs = Math.max(last.toMs, bar.toMs)
    else joined.push({ ...bar })
  }
  const fromMs = Math.min(...joined.map((bar) => bar.fromMs))
  const toMs = joined.reduce((latest, bar) => Math.max(latest, bar.toMs), fromMs)
  return {
    step: leading?.id ?? '',
    node: leading?.node ?? '',
    name,
    place: [`×${steps.length}`, failed > 0 ? `${failed} failed` : ''].filter(Boolean).join(', '),
    depth,
    status: leading?.status ?? 'skipped',
    span: joined.length === 0 ? null : { fromMs, toMs },
    attempts: joined,
    durationMs: joined.length === 0 ? null : toMs - fromMs,
    waits: steps.every(waitsOutside),
    count: steps.length,
  }
}

/** A step that waits for its items, or for runs that it started, is at work. */
function waitsOutside({ wait }: StepState): boolean {
  return wait !== undefined && wait.for !== 'body' && wait.for !== 'runs'
}

/** Rows of steps that have ended, which never change: a long run is laid out anew with every tick of its clock. */
const endedRows = new WeakMap<FlowDocument, WeakMap<StepState, TimelineRow>>()
function rowsOf(document: FlowDocument): WeakMap<StepState, TimelineRow> {
  let rows = endedRows.get(document)
  if (!rows) endedRows.set(document, (rows = new WeakMap()))
  return rows
}

/** The stretches in which some step worked, for the time scale. */
export function workingSpans(rows: readonly TimelineRow[]): Span[] {
  return rows.flatMap((row) => (row.span && !row.waits ? [row.span] : []))
}

function byItemThenOrder(a: StepState, b: StepState): number {
  const skipped = Number(a.status === 'skipped') - Number(b.status === 'skipped')
  return skipped || itemOf(a) - itemOf(b) || a.order - b.order
}

function itemOf(step: StepState): number {
  return parseScope(step.scope)?.index ?? 0
}

function rowOf(step: StepState, name: string, depth: number, startMs: number, nowMs: number): TimelineRow {
  const row = {
    step: step.id,
    node: step.node,
    name,
    place: placeOf(step),
    depth,
    status: step.status,
    durationMs: step.durationMs ?? null,
    waits: waitsOutside(step),
  }
  if (step.status === 'skipped' || step.startedAt === undefined) return { ...row, span: null, attempts: [] }
  const fromMs = Date.parse(step.startedAt) - startMs
  const endMs = step.endedAt ? Date.parse(step.endedAt) : nowMs
  const toMs = Math.max(fromMs + (step.durationMs ?? 0), endMs - startMs)
  // What was done before the run was continued lies at the step of then.
  const calls = step.acts
    .filter((act) => !act.isCarried)
    .map((act): Call => {
      const from = Date.parse(act.startedAt) - startMs
      const { title, kind, status } = act
      return {
        title,
        kind,
        failed: status === 'failed',
        fromMs: from,
        toMs: from + (act.durationMs ?? toMs - from),
      }
    })
  const attempts = attemptsOf(step, fromMs, toMs, startMs)
  return { ...row, span: { fromMs, toMs }, attempts, ...(calls.length > 0 ? { calls } : {}) }
}

function attemptsOf(step: StepState, fromMs: number, toMs: number, startMs: number): Attempt[] {
  const attempts: Attempt[] = []
  let begin = fromMs
  for (const retry of step.retries) {
    const end = Date.parse(retry.at) - startMs
    attempts.push({ fromMs: begin, toMs: end, failed: true })
    begin = end
  }
  attempts.push({ fromMs: begin, toMs, failed: step.status === 'failed' })
  return attempts
}

/** `round 2`, `item 3`, or both, as people count: from 1. */
export function placeOf(step: { scope: Scope; round: number }): string {
  const inside = parseScope(step.scope)
  const parts = inside ? [`item ${inside.index + 1}`] : []
  if (step.round > 1) parts.push(`round ${step.round}`)
  return parts.join(', ')
}
