import { setTimeout as delay } from 'node:timers/promises'
import { hasOpenCalls } from '@/db/calls'
import type { Database } from '@/db/client'
import {
  getContinuable,
  listContinuable,
  reopenRun,
  type Continuable,
  type ContinuableFilter,
} from '@/db/continuations'
import { ConflictError } from '@/db/errors'
import type { Evaluate } from '@/flow/expression/evaluate'
import type { EventData, RunStatus } from '@/flow/run/event'
import { parseStepId } from '@/flow/run/step-id'
import { explain } from '../explain'
import { RequestError } from '../request-error'
import { slotOf } from './slots'
import type { LoadedVersion, Versions } from './versions'

interface ContinueRequest {
  workspaceId: string
  runId: string
  /** A step, or a node: the step to begin with. Without it: whatever failed or was cut off. */
  from?: string
  /** Without it the version that it ran last. The draft must be able to run. */
  version?: 'draft' | 'live' | number
  by?: string
}

interface ContinueManyRequest extends Omit<ContinueRequest, 'runId' | 'from'> {
  filter: ContinuableFilter
}

export interface ContinuedMany {
  continued: number
  refused: { id: string; reason: string }[]
  /** There are more that fit: ask again. */
  more: boolean
}

export interface Continuation {
  /**
   * Comes back when that is stored. Throws NotFoundError, InvalidFlowError, ConflictError (`run_not_ended`,
   * `run_completed`, `no_such_trigger`) and RequestError `no_such_step`.
   */
  continueRun(request: ContinueRequest): Promise<void>
  /** Queues them, oldest first, 1,000 at most. */
  continueMany(request: ContinueManyRequest): Promise<ContinuedMany>
}

const patienceMs = 5_000
const lookAgainMs = 50
const manyAtMost = 1_000
/** Each takes three short queries; more of them together would only wait for connections. */
const manyAtOnce = 8

export function createContinuation(parts: {
  db: Database
  versions: Versions
  evaluate: Evaluate
  takeUp(run: string): Promise<boolean>
  onTrouble(doing: string): (error: unknown) => void
}): Continuation {
  const { db, versions } = parts

  async function reopen(request: ContinueRequest, priority: number): Promise<void> {
    const { workspaceId, runId, from, by } = request
    const run = await getContinuable(db, workspaceId, runId)
    checkStatus(runId, run.status)
    await callsEnded(runId)
    const version = await versionFor(request, run)
    check(version, run, from)
    const data: EventData<'run_continued'> = {
      ...(from === undefined ? {} : { from }),
      version: version.number,
      ...(by === undefined ? {} : { by }),
    }
    const slot = run.isSlice ? null : await slotOf(version.document, run.input, parts.evaluate)
    const options = { versionId: version.id, dataText: JSON.stringify(data), slot, priority }
    if (await reopenRun(db, workspaceId, runId, options)) return
    checkStatus(runId, (await getContinuable(db, workspaceId, runId)).status)
    throw notEnded(runId, 'running')
  }

  /** What its steps had called is still being stopped for a moment after its own end. */
  async function callsEnded(run: string): Promise<void> {
    const endsAt = performance.now() + patienceMs
    while (await hasOpenCalls(db.pool, run)) {
      if (performance.now() > endsAt) {
        throw new ConflictError(
          'calls_not_ended',
          `Runs that ${run} has started are still being stopped. Try again.`,
        )
      }
      await delay(lookAgainMs)
    }
  }

  function versionFor(request: ContinueRequest, run: Continuable): Promise<LoadedVersion> {
    const { workspaceId, version } = request
    if (version === undefined) return versions.byId(workspaceId, run.versionId)
    if (run.isSlice) {
      throw new ConflictError(
        'part_of_a_run',
        'This run does some items of another one, on its version. Continue the other one.',
      )
    }
    return versions.forStart(workspaceId, run.flowId, version)
  }

  return {
    async continueRun(request) {
      await reopen(request, -5)
      parts.takeUp(request.runId).catch(parts.onTrouble('continuing a run'))
    },
    async continueMany({ filter, ...request }) {
      const found = await listContinuable(db, request.workspaceId, filter, manyAtMost + 1)
      const ids = found.slice(0, manyAtMost)
      const refused: { id: string; reason: string }[] = []
      let continued = 0
      let next = 0
      const work = async () => {
        for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
          try {
            await reopen({ ...request, runId: id }, 0)
            continued++
          } catch (error) {
            const { status, message } = explain(error)
            if (status >= 500) throw error
            refused.push({ id, reason: message })
          }
        }
      }
      await Promise.all(Array.from({ length: manyAtOnce }, work))
      return { continued, refused, more: found.length > ids.length }
    },
  }
}

function checkStatus(run: string, status: RunStatus): void {
  if (status === 'failed' || status === 'cancelled') return
  if (status !== 'completed') throw notEnded(run, status)
  throw new ConflictError('run_completed', `Run ${run} has completed: there is nothing to continue.`)
}

function notEnded(run: string, status: RunStatus): ConflictError {
  return new ConflictError(
    'run_not_ended',
    `Run ${run} is ${status}. Only one that has ended can be continued.`,
  )
}

/** On an edited version the run must find where it began, and where it is to go on. */
function check(version: LoadedVersion, run: Continuable, from: string | undefined): void {
  const { graph } = version
  if (run.trigger !== null && !graph.triggers().some((node) => node.id === run.trigger)) {
    throw new ConflictError(
      'no_such_trigger',
      `This run began at ${run.trigger}, which is no trigger of this version. Continue it on a version that has it.`,
    )
  }
  if (from === undefined || graph.node(nodeOf(from))) return
  throw new RequestError(422, 'no_such_step', `There is no step ${from} in this version of the flow.`)
}

function nodeOf(step: string): string {
  try {
    return parseStepId(step).node
  } catch {
    return step
  }
}
