import { isDeepStrictEqual } from 'node:util'
import { listEvents } from '@/db/events'
import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Json } from '@/flow/json'
import { replay } from '@/flow/run/replay'
import { kinds } from '@/nodes/definitions'
import type { Performed } from './receiver'
import type { World } from './world'

/** How a run ended: what must be the same whatever happened on the way. */
export interface End {
  status: string
  /** Why it failed. */
  error: string | null
  output: Json
  /** By place, whatever the round: the status of the step, and what it yielded. */
  steps: Map<string, string>
}

export async function endOf(world: World, document: FlowDocument, run: string): Promise<End> {
  const state = replay(graphOf(document, kinds), await listEvents(world.db, world.workspaceId, run))
  const steps = new Map<string, string>()
  for (const [id, { status, output, error }] of state.steps) {
    const isOpen = error?.code === 'interrupted'
    const told = isOpen ? 'interrupted' : `${status} ${JSON.stringify(output ?? null)}`
    steps.set(withoutRounds(id), withoutRounds(told))
  }
  return { status: state.status, error: state.error?.code ?? null, output: state.output ?? null, steps }
}

/** What is not as it was without faults. A step that may be done once only may have been interrupted instead. */
export function differences(expected: End, actual: End): string[] {
  const found: string[] = []
  if (expected.status !== actual.status)
    found.push(`it ended ${actual.status} (${actual.error}), not ${expected.status}`)
  let isInterrupted = false
  for (const id of new Set([...expected.steps.keys(), ...actual.steps.keys()])) {
    const was = expected.steps.get(id)
    const is = actual.steps.get(id)
    if (is === 'interrupted' || was === 'interrupted') isInterrupted = true
    else if (was !== is) found.push(`step ${id} is ${is ?? 'missing'}, not ${was ?? 'missing'}`)
  }
  const isSame = isDeepStrictEqual(expected.output, actual.output)
  if (!isSame && !isInterrupted) found.push('its output is another')
  return found
}

/** Effects that were performed once too often: each as a sentence. */
export function doubledIn(world: World): string[] {
  return world.receiver.ledger.flatMap((entry) => {
    const all = world.receiver.of(entry.key)
    const before = all[all.indexOf(entry) - 1]
    if (!before || isExcused(world, before, entry)) return []
    return [`${entry.key} by ${entry.worker} ${why(world, before, entry)}`]
  })
}

/** A failed attempt is made again; one in flight when its process died may be, unless it must happen once only. */
function isExcused(world: World, before: Performed, entry: Performed): boolean {
  if (isLeftOver(world, entry)) return true
  if (entry.once || entry.wasFinished) return false
  if (before.status !== null && before.status >= 500) return true
  const diedAtMs = world.deaths.get(before.worker)
  return diedAtMs !== undefined && diedAtMs <= entry.atMs && before.worker !== entry.worker
}

/**
 * A process that slept or was cut off while others took over cannot know: what it was about to ask it asks when it wakes, one
 * effect of a run at most, and then finds that nothing of it is taken.
 */
function isLeftOver(world: World, entry: Performed): boolean {
  const isLate = ({ worker, atMs }: Performed) => (world.deaths.get(worker) ?? Infinity) <= atMs
  if (!isLate(entry)) return false
  const late = world.receiver.ledger.filter(
    (other) => other.run === entry.run && other.worker === entry.worker && isLate(other),
  )
  return late.length === 1
}

function why(world: World, before: Performed, entry: Performed): string {
  const apart = `${Math.round(entry.atMs - before.atMs)} ms after ${before.worker} (${before.status ?? 'unanswered'})`
  const diedAtMs = world.deaths.get(before.worker)
  const died =
    diedAtMs === undefined ? 'which lived' : `which died ${Math.round(entry.atMs - diedAtMs)} ms before`
  return `${apart}, ${died}${entry.wasFinished ? '; its end was stored' : ''}`
}

/** Histories with holes, and effects that a history says were performed though nobody outside knows of them. */
export async function lostIn(world: World): Promise<string[]> {
  const holes = await world.db.pool.query<{ id: string }>(
    `select r.id from run r left join run_event e on e.run = r.id
     group by r.id, r.last_seq having count(e.seq) <> r.last_seq or coalesce(max(e.seq), 0) <> r.last_seq`,
  )
  const told = await world.db.pool.query<{ run: string; step: string }>(
    `select e.run, e.step from run_event e where e.type = 'step_completed' and exists (
       select from run_event b where b.run = e.run and b.step = e.step and b.type = 'step_started'
         and b.data -> 'config' ->> 'url' like 'http://ledger.test/%')`,
  )
  const known = new Set(world.receiver.ledger.map(({ run, step }) => `${run} ${step}`))
  return [
    ...holes.rows.map(({ id }) => `the history of ${id} has a hole`),
    ...told.rows
      .filter(({ run, step }) => !known.has(`${run} ${step}`))
      .map(({ run, step }) => `${step} of ${run} is told as done, but never was`),
  ]
}

/** A run that was continued counts its rounds on. */
function withoutRounds(text: string): string {
  return text.replaceAll(/#\d+/g, '')
}
