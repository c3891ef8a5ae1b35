import type { NewRun } from '@/db/append'
import type { Database } from '@/db/client'
import { findRunByKey } from '@/db/runs'
import { admitRuns, holdsSlot, withdrawRun, type Slot } from '@/db/slots'
import { uuidAt } from '@/db/uuid'
import { parseDurationMs } from '@/flow/duration'
import type { Evaluate } from '@/flow/expression/evaluate'
import type { Json, JsonObject } from '@/flow/json'
import { runLimits, type EventData, type NewEvent, type RunPart } from '@/flow/run/event'
import { RequestError } from '../request-error'
import type { Clock } from './clock'
import { LeaseLostError } from './lease'
import { LiveRun, type RunSurroundings } from './live-run'
import type { RunNumbers } from './numbers'
import { wakeJob } from './run-jobs'
import type { LeftRun } from './run-result'
import { slotOf } from './slots'
import { exceedsBytes } from './value-size'
import { triggerOf, type LoadedVersion, type Versions } from './versions'
import type { AppendSource, Writer } from './writer'

interface StartRequest {
  workspaceId: string
  flowId: string
  version: 'draft' | 'live' | number
  input: Json
  /** What starts it: `manual`, `api`, `webhook`, `schedule`, … */
  cause: string
  /** The trigger to start at; the first one when not said. */
  node?: string
  user?: string
  thread?: string
  /** Put over the state that the flow begins with. */
  state?: JsonObject
  /** Use pinned samples. */
  samples?: boolean
  mocks?: JsonObject
  /** Some steps and not the others. */
  part?: RunPart
  /** A second start with the same key gives the first one's run. */
  idempotencyKey?: string
  /** Nobody should have used the key before: it is looked for only when storing the run finds it taken. */
  isKeyNew?: boolean
  /** `inline`: executed by this process, now. `queued`: by any worker, when there is room. */
  mode: 'inline' | 'queued'
  /** Of a queued run; lower ones first. */
  priority?: number
}

export interface Started {
  runId: string
  number: number
  /** The idempotency key was used before: this is the run that it started. */
  isRepeat: boolean
  /** Of an inline run: when it has ended, parked, or left this process. */
  finished?: Promise<LeftRun>
}

export type Start = (request: StartRequest) => Promise<Started>

/** Comes back when the run is stored: from then on nothing can lose it. */
export function createStart(parts: {
  db: Database
  clock: Clock
  versions: Versions
  numbers: RunNumbers
  writer: Writer
  surroundings: RunSurroundings
  evaluate: Evaluate
  takeUp(run: string): Promise<boolean>
  /** Runs in memory, by id. */
  live: Map<string, LiveRun>
  isStopping: () => boolean
}): Start {
  const { db, clock, versions, numbers, writer, live } = parts

  return async function start(request) {
    const { workspaceId, flowId, idempotencyKey } = request
    if (parts.isStopping()) throw unavailable('This process is stopping. Try again in a moment.')
    if (!writer.isConnected() || writer.backlog() > 5_000) {
      throw unavailable('The database cannot keep up or cannot be reached right now. Try again in a moment.')
    }
    if (exceedsBytes(request.input, runLimits.valueBytes)) {
      throw new RequestError(413, 'value_too_large', 'The input is larger than 16 MiB.')
    }
    const known =
      idempotencyKey === undefined || request.isKeyNew
        ? null
        : await findRunByKey(db, workspaceId, flowId, idempotencyKey)
    if (known) return { runId: known.id, number: known.number, isRepeat: true }
    const version = await versions.forStart(workspaceId, flowId, request.version)
    const node = triggerOf(version, request.node)
    checkMocks(version, request.mocks ?? {})
    const number = await numbers.next(workspaceId, flowId)
    const runId = uuidAt(Math.round(clock.nowMs()))
    const data = startData(request, version, node, number)
    const slot = await slotOf(version.document, request.input, parts.evaluate)
    try {
      if (slot) return await counted(request, version, data, runId, slot)
      if (request.mode === 'queued') {
        await queue(request, version, data, runId, null)
        return { runId, number, isRepeat: false }
      }
      const run = inline(request, version, data, runId)
      await run.acknowledged
      return { runId, number, isRepeat: false, finished: run.finished }
    } catch (error) {
      if (!(error instanceof LeaseLostError) || idempotencyKey === undefined) throw error
      const earlier = await findRunByKey(db, workspaceId, flowId, idempotencyKey)
      if (!earlier) throw error
      return { runId: earlier.id, number: earlier.number, isRepeat: true }
    }
  }

  function inline(
    request: StartRequest,
    version: LoadedVersion,
    data: EventData<'run_started'>,
    runId: string,
  ): LiveRun {
    const nowMs = Math.round(clock.nowMs())
    const run = new LiveRun(
      {
        id: runId,
        workspaceId: request.workspaceId,
        number: data.number,
        epoch: 1,
        versionId: version.id,
        graph: version.graph,
        priority: request.priority ?? 0,
        parent: null,
        slotKey: null,
      },
      parts.surroundings,
      { events: [], size: 0, create: newRun(request, version, data, nowMs, null) },
    )
    live.set(runId, run)
    run.begin({ type: 'run_started', data } satisfies NewEvent)
    return run
  }

  /** Of a flow that bounds how many of its runs go on at once: it is stored as waiting, and let in when there is room. */
  async function counted(
    request: StartRequest,
    version: LoadedVersion,
    data: EventData<'run_started'>,
    runId: string,
    slot: Slot,
  ): Promise<Started> {
    const { workspaceId, flowId, mode } = request
    await queue(request, version, data, runId, slot)
    await admitRuns(db.pool, { workspaceId, flowId, key: slot.key }, runId)
    const started = { runId, number: data.number, isRepeat: false }
    if (await holdsSlot(db.pool, runId)) {
      if (mode === 'inline') await parts.takeUp(runId)
      return { ...started, finished: live.get(runId)?.finished }
    }
    if (slot.whenFull === 'reject' && (await withdrawRun(db.pool, runId))) throw full(flowId, slot)
    return started
  }

  function queue(
    request: StartRequest,
    version: LoadedVersion,
    data: EventData<'run_started'>,
    runId: string,
    slot: Slot | null,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const source: AppendSource = {
        take: () => ({
          run: runId,
          workspaceId: request.workspaceId,
          epoch: 1,
          expectedSeq: 0,
          lastSeq: 0,
          create: { ...newRun(request, version, data, null, JSON.stringify(data)), slot },
          events: [],
          status: 'queued',
          outputText: null,
          errorText: null,
          httpStatus: null,
          endedAtMs: null,
          release: true,
          progress: false,
          tokens: 0,
          waits: [],
          blobs: [],
          // One that wants a slot is looked after by its starter.
          jobs: slot ? [] : [wakeJob(runId, request.priority ?? 0)],
          dropJobs: [],
          calls: [],
          heardCalls: [],
          modelCalls: [],
          endedCallOf: null,
        }),
        stored: () => resolve(),
        refused: (_, error) => reject(error),
      }
      writer.request(source)
    })
  }
}

function startData(
  request: StartRequest,
  version: LoadedVersion,
  node: string,
  number: number,
): EventData<'run_started'> {
  return {
    flow: request.flowId,
    version: version.number,
    number,
    node,
    cause: request.cause,
    trigger: request.input,
    state: request.state ? { ...version.document.state, ...request.state } : version.document.state,
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(request.thread === undefined ? {} : { thread: request.thread }),
    ...(request.samples ? { samples: true } : {}),
    ...(request.mocks === undefined ? {} : { mocks: request.mocks }),
    ...(request.part === undefined ? {} : { part: request.part }),
  }
}

/** One for a step that there is not would leave the real one at work. Throws RequestError `mock_unknown`. */
function checkMocks({ graph, flowId }: LoadedVersion, mocks: JsonObject): void {
  const strange = Object.keys(mocks).filter((id) => !graph.node(id))
  if (strange.length === 0) return
  const steps = strange.length === 1 ? `step ${strange[0]}` : `steps ${strange.join(', ')}`
  throw new RequestError(422, 'mock_unknown', `Flow ${flowId} has no ${steps} that a mock could stand for.`)
}

function newRun(
  request: StartRequest,
  version: LoadedVersion,
  data: EventData<'run_started'>,
  startedAtMs: number | null,
  startText: string | null,
): NewRun {
  const { timeout } = version.document.settings
  const limitMs = timeout === undefined ? null : parseDurationMs(timeout)
  return {
    flowId: request.flowId,
    versionId: version.id,
    number: data.number,
    cause: request.cause,
    inputText: JSON.stringify(request.input),
    person: request.user ?? null,
    thread: request.thread ?? null,
    idempotencyKey: request.idempotencyKey ?? null,
    priority: request.priority ?? 0,
    startedAtMs,
    deadlineAtMs: startedAtMs === null || limitMs === null ? null : startedAtMs + limitMs,
    startText,
    slot: null,
  }
}

function unavailable(message: string): RequestError {
  return new RequestError(503, 'unavailable', message, { headers: { 'Retry-After': '2' } })
}

function full(flow: string, { limit, key }: Slot): RequestError {
  const runs = limit === 1 ? 'a run' : `${limit} runs`
  const whose = key === '' ? '' : ` for ${key}`
  return new RequestError(
    429,
    'concurrency_full',
    `Flow ${flow} has ${runs}${whose} going on, which is as many as it may. Try again when one has ended.`,
    { headers: { 'Retry-After': '5' } },
  )
}
