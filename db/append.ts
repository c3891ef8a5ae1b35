import type pg from 'pg'
import type { RunStatus } from '@/flow/run/event'
import { appendAll, appendPlain, separator } from './append-statement'
import type { Slot } from './slots'

/** One event as it is stored: its data is the JSON text, made once by whoever made the event. */
export interface AppendEvent {
  seq: number
  type: string
  step: string | null
  atMs: number
  dataText: string
  /** `{member: hash}` as JSON text, when members of the data went to `blob`. */
  blobsText: string | null
}

/** The columns of a run that only its start sets. */
export interface NewRun {
  flowId: string
  versionId: string
  number: number
  cause: string
  /** JSON text. */
  inputText: string
  person: string | null
  thread: string | null
  idempotencyKey: string | null
  priority: number
  /** Null while it is queued. */
  startedAtMs: number | null
  deadlineAtMs: number | null
  /** JSON text of what a queued run starts with. */
  startText: string | null
  slot: Slot | null
}

/** A queued run that a step of this one starts; one that is there already is left alone. */
export interface NewCall {
  id: string
  flowId: string
  versionId: string
  /** Null: the next of its flow. */
  number: number | null
  cause: 'call' | 'slice'
  /** JSON text. */
  inputText: string
  startText: string
  step: string
  call: number
  person: string | null
  thread: string | null
  priority: number
  slot: Slot | null
}

/** A call of a model that used tokens, by the event that tells of it. */
export interface NewModelCall {
  seq: number
  flowId: string
  step: string
  node: string
  model: string
  inputTokens: number
  outputTokens: number
  /** US dollars; null when nobody knows. */
  cost: number | null
  atMs: number
}

export interface WaitChange {
  step: string
  /** What arrived is in the history now. */
  heard: boolean
  closed: boolean
  /** The row to make, or to bring up to date, when the step begins to wait. */
  open: null | {
    token: string
    kind: string
    name: string | null
    key: string | null
    /** JSON text. */
    askText: string | null
    deadlineAtMs: number | null
  }
}

export interface JobRequest {
  task: string
  /** JSON text. */
  payloadText: string
  key: string | null
  /** Null: at once. */
  runAtMs: number | null
  priority: number
}

/** All that one run wants written in one go: applied whole, or not at all when its epoch has passed. */
export interface Append {
  run: string
  workspaceId: string
  epoch: number
  /** The number of the newest event stored so far; 0 for a new run. */
  expectedSeq: number
  /** The same after this append. */
  lastSeq: number
  create: NewRun | null
  events: AppendEvent[]
  /** Null leaves it as it is; a new run without one is running. */
  status: RunStatus | null
  /** JSON text, or null to leave it. */
  outputText: string | null
  errorText: string | null
  httpStatus: number | null
  endedAtMs: number | null
  /** The run leaves this process's memory. */
  release: boolean
  /** It got on: earlier crashes no longer count against it. */
  progress: boolean
  tokens: number
  modelCalls: NewModelCall[]
  waits: WaitChange[]
  blobs: { hash: string; text: string }[]
  jobs: JobRequest[]
  /** Keys of jobs that are not needed any more. */
  dropJobs: string[]
  calls: NewCall[]
  /** The run that started this one, to be told of its end. */
  endedCallOf: string | null
  /** Runs started by this one whose ends are in the history now. */
  heardCalls: string[]
}

/**
 * Writes many runs' appends in one statement; of each run at most one. Gives the indices of those that were applied:
 * the others' epoch has passed, their history went on without them, or their idempotency key was used before.
 */
export async function appendBatch(
  pool: pg.Pool,
  owner: number | null,
  batch: readonly Append[],
): Promise<Set<number>> {
  const p = parametersOf(batch)
  const values = [owner, ...p.appends, ...p.created, ...p.events]
  const isPlain = batch.every(
    (append) =>
      append.endedCallOf === null &&
      append.waits.length +
        append.blobs.length +
        append.jobs.length +
        append.dropJobs.length +
        append.calls.length +
        append.heardCalls.length +
        append.modelCalls.length ===
        0,
  )
  const result = isPlain
    ? await pool.query<{ positions: string[] }>({ name: 'append', text: appendPlain, values })
    : await pool.query<{ positions: string[] }>({
        name: 'append_all',
        text: appendAll,
        values: [...values, ...restOf(batch)],
      })
  return new Set(result.rows[0]?.positions.map((position) => Number(position) - 1))
}

function parametersOf(batch: readonly Append[]) {
  const created = batch.flatMap((append, index) =>
    append.create ? [{ ...append.create, position: index + 1 }] : [],
  )
  const position: number[] = []
  const seq: number[] = []
  const type: string[] = []
  const step: string[] = []
  const at: number[] = []
  const data: string[] = []
  const blobs: string[] = []
  batch.forEach((append, index) => {
    for (const event of append.events) {
      position.push(index + 1)
      seq.push(event.seq)
      type.push(event.type)
      step.push(event.step ?? '')
      at.push(event.atMs)
      data.push(event.dataText)
      blobs.push(event.blobsText ?? '')
    }
  })
  return {
    appends: [
      batch.map((append) => append.run).join(separator),
      batch.map((append) => append.workspaceId).join(separator),
      batch.map((append) => append.epoch),
      batch.map((append) => append.expectedSeq),
      batch.map((append) => append.lastSeq),
      batch.map((append) => append.create !== null),
      batch.map((append) => append.status ?? '').join(separator),
      batch.map((append) => append.outputText ?? '').join(separator),
      batch.map((append) => append.errorText ?? '').join(separator),
      batch.map((append) => append.httpStatus),
      batch.map((append) => append.endedAtMs),
      batch.map((append) => append.release),
      batch.map((append) => append.progress),
      batch.map((append) => append.tokens),
    ],
    created: [
      created.map((run) => run.position),
      created.map((run) => run.flowId).join(separator),
      created.map((run) => run.versionId).join(separator),
      created.map((run) => run.number),
      created.map((run) => run.cause),
      created.map((run) => run.inputText).join(separator),
      created.map((run) => run.startText ?? '').join(separator),
      created.map((run) => run.person),
      created.map((run) => run.thread),
      created.map((run) => run.idempotencyKey),
      created.map((run) => run.priority),
      created.map((run) => run.startedAtMs),
      created.map((run) => run.deadlineAtMs),
      created.map((run) => run.slot?.key ?? null),
      created.map((run) => run.slot?.limit ?? null),
      created.map((run) => run.slot?.whenFull ?? null),
    ],
    events: [
      position,
      seq,
      type.join(separator),
      step.join(separator),
      at,
      data.join(separator),
      blobs.join(separator),
    ],
  }
}

function restOf(batch: readonly Append[]): unknown[] {
  const of = <T>(pick: (append: Append) => readonly T[]) =>
    batch.flatMap((append, index) => pick(append).map((item) => ({ item, position: index + 1 })))
  const opened = of((append) =>
    append.waits.flatMap(({ step, heard, open }) => (open ? [{ step, heard, ...open }] : [])),
  )
  const heard = of((append) => append.waits.filter((wait) => !wait.open && (wait.heard || wait.closed)))
  const blobs = of((append) => append.blobs)
  const jobs = of((append) => append.jobs)
  const drops = of((append) => append.dropJobs)
  const calls = of((append) => append.calls)
  const ended = of((append) => (append.endedCallOf === null ? [] : [append.endedCallOf]))
  const heardCalls = of((append) => append.heardCalls)
  const models = of((append) => append.modelCalls)
  return [
    opened.map((one) => one.position),
    opened.map(({ item }) => item.step),
    opened.map(({ item }) => item.token),
    opened.map(({ item }) => item.kind),
    opened.map(({ item }) => item.name),
    opened.map(({ item }) => item.key),
    opened.map(({ item }) => item.askText ?? '').join(separator),
    opened.map(({ item }) => item.deadlineAtMs),
    heard.map((one) => one.position),
    heard.map(({ item }) => item.step),
    heard.map(({ item }) => item.closed),
    blobs.map((one) => one.position),
    blobs.map(({ item }) => item.hash),
    blobs.map(({ item }) => item.text).join(separator),
    jobs.map((one) => one.position),
    jobs.map(({ item }) => item.task),
    jobs.map(({ item }) => item.payloadText).join(separator),
    jobs.map(({ item }) => item.key),
    jobs.map(({ item }) => item.runAtMs),
    jobs.map(({ item }) => item.priority),
    drops.map((one) => one.position),
    drops.map(({ item }) => item),
    calls.map((one) => one.position),
    calls.map(({ item }) => item.id).join(separator),
    calls.map(({ item }) => item.flowId).join(separator),
    calls.map(({ item }) => item.versionId).join(separator),
    calls.map(({ item }) => item.number),
    calls.map(({ item }) => item.cause).join(separator),
    calls.map(({ item }) => item.inputText).join(separator),
    calls.map(({ item }) => item.startText).join(separator),
    calls.map(({ item }) => item.step),
    calls.map(({ item }) => item.call),
    calls.map(({ item }) => item.person),
    calls.map(({ item }) => item.thread),
    calls.map(({ item }) => item.priority),
    calls.map(({ item }) => item.slot?.key ?? null),
    calls.map(({ item }) => item.slot?.limit ?? null),
    calls.map(({ item }) => item.slot?.whenFull ?? null),
    ended.map((one) => one.position),
    ended.map(({ item }) => item),
    heardCalls.map((one) => one.position),
    heardCalls.map(({ item }) => item),
    models.map((one) => one.position),
    models.map(({ item }) => item.seq),
    models.map(({ item }) => item.flowId),
    models.map(({ item }) => item.step),
    models.map(({ item }) => item.node),
    models.map(({ item }) => item.model),
    models.map(({ item }) => item.inputTokens),
    models.map(({ item }) => item.outputTokens),
    models.map(({ item }) => item.cost),
    models.map(({ item }) => item.atMs),
    opened.map(({ item }) => item.heard),
  ]
}

/** How far runs have got as stored, by id: tells a writer whose connection broke which of its appends went through. */
export async function storedPositions(
  pool: pg.Pool,
  runs: readonly string[],
): Promise<Map<string, { epoch: number; lastSeq: number; owner: number | null }>> {
  const result = await pool.query<{ id: string; epoch: number; lastSeq: number; owner: number | null }>(
    'select id, epoch, last_seq as "lastSeq", owner from run where id = any($1::uuid[])',
    [runs],
  )
  return new Map(result.rows.map(({ id, ...position }) => [id, position]))
}
