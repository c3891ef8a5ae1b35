import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  numeric,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Json, JsonObject } from '@/flow/json'
import type { RunError, RunStatus } from '@/flow/run/event'
import { timeColumn, workspaceColumn } from './columns'

/*
 * The hot tables. No foreign keys: each would lock a shared row (the version, the flow) on every start.
 * Run ids are UUIDv7, so they sort by time and `run_event` can be cut into months by them.
 */

export const run = pgTable(
  'run',
  {
    id: uuid('id').primaryKey(),
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    versionId: uuid('version_id').notNull(),
    /** Within its flow, from 1, in order of start; numbers may be left out after a burst. */
    number: integer('number').notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    cause: text('cause').notNull(),
    input: json('input').$type<Json>(),
    output: json('output').$type<Json>(),
    error: json('error').$type<RunError>(),
    httpStatus: integer('http_status'),
    /** The number of the newest event. */
    lastSeq: integer('last_seq').notNull().default(0),
    /** Raised by everyone who takes the run over; an append under an older one is refused. */
    epoch: integer('epoch').notNull().default(1),
    /** The worker that has it in memory; null when parked or queued, or when its worker was found dead. */
    owner: integer('owner'),
    /** Times in a row that its worker died without the run getting on. */
    crashes: smallint('crashes').notNull().default(0),
    /** Asked for while it is owned elsewhere; the owner obeys. */
    cancelRequested: json('cancel_requested').$type<{ by?: string; reason?: string }>(),
    /** What a queued run starts with; null once started. */
    start: json('start').$type<JsonObject>(),
    /** The run that started this one, its step, and which of that step's calls this is. */
    parent: uuid('parent'),
    parentStep: text('parent_step'),
    parentCall: integer('parent_call'),
    thread: text('thread'),
    variant: text('variant'),
    person: text('person'),
    idempotencyKey: text('idempotency_key'),
    priority: smallint('priority').notNull().default(0),
    /** Of a flow that bounds how many of its runs go on at once: whom it counts together; null = no bound. */
    slotKey: text('slot_key'),
    slotLimit: integer('slot_limit'),
    whenFull: text('when_full').$type<'queue' | 'reject' | 'replace'>(),
    /** Only a run that holds a slot is taken up; a refused one is taken up to be ended. */
    slot: text('slot').$type<'wanted' | 'held' | 'refused'>(),
    tokens: bigint('tokens', { mode: 'number' }).notNull().default(0),
    cost: numeric('cost', { precision: 14, scale: 6 }),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    startedAt: timeColumn('started_at'),
    endedAt: timeColumn('ended_at'),
    /** By the flow's `timeout`. */
    deadlineAt: timeColumn('deadline_at'),
  },
  (table) => [
    // Slices of a run bear its number.
    uniqueIndex('run_number')
      .on(table.workspaceId, table.flowId, table.number)
      .where(sql`cause <> 'slice'`),
    uniqueIndex('run_idempotency_key')
      .on(table.workspaceId, table.flowId, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    index('run_open')
      .on(table.status, table.owner)
      .where(sql`ended_at is null`),
    index('run_parent')
      .on(table.parent, table.parentStep)
      .where(sql`parent is not null`),
    index('run_slot')
      .on(table.workspaceId, table.flowId, table.slotKey)
      .where(sql`slot_key is not null and ended_at is null`),
  ],
)

/**
 * The history. Partitioned by month of the run's id, so that all events of a run lie together and (run, seq) is unique.
 * `data` is `json`: kept to the letter, key order included.
 */
export const runEvent = pgTable(
  'run_event',
  {
    run: uuid('run').notNull(),
    seq: integer('seq').notNull(),
    workspaceId: workspaceColumn(),
    type: text('type').notNull(),
    step: text('step'),
    at: timeColumn('at').notNull(),
    data: json('data').$type<JsonObject>().notNull(),
    /** Members of `data` that are stored in `blob`, by name: `{ "output": "<sha-256>" }`. */
    blobs: json('blobs').$type<{ [member: string]: string }>(),
  },
  (table) => [primaryKey({ columns: [table.run, table.seq] })],
)

/** What a run waits for, and the inbox of what arrived for it until its owner has written it to the history. */
export const wait = pgTable(
  'wait',
  {
    run: uuid('run').notNull(),
    step: text('step').notNull(),
    workspaceId: workspaceColumn(),
    token: text('token').notNull(),
    kind: text('kind').$type<'timer' | 'answer' | 'event' | 'child' | 'retry'>().notNull(),
    /** Of an event. */
    name: text('name'),
    key: text('key'),
    /** Of an answer: title, schema, choices, people. */
    ask: json('ask').$type<JsonObject>(),
    deadline: timeColumn('deadline'),
    /** Arrived, not yet in the history. */
    payload: json('payload').$type<JsonObject>(),
    /** Who has answered; '' stands for nobody in particular. */
    answeredBy: text('answered_by')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    closed: boolean('closed').notNull().default(false),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.run, table.step] }),
    uniqueIndex('wait_token').on(table.token),
    index('wait_event')
      .on(table.workspaceId, table.name, table.key)
      .where(sql`kind = 'event' and not closed`),
    index('wait_deadline')
      .on(table.deadline)
      .where(sql`deadline is not null and not closed`),
    index('wait_arrived')
      .on(table.run)
      .where(sql`payload is not null`),
  ],
)

/** Runs that have ended and were started by another, which has not taken that into its history yet. */
export const endedCall = pgTable(
  'ended_call',
  { parent: uuid('parent').notNull(), run: uuid('run').notNull() },
  (table) => [primaryKey({ columns: [table.parent, table.run] })],
)

/** Outside events: those that nobody waited for yet, and those that must be known again when they come twice. */
export const keptEvent = pgTable(
  'kept_event',
  {
    id: uuid('id').primaryKey(),
    workspaceId: workspaceColumn(),
    name: text('name').notNull(),
    key: text('key'),
    data: json('data').$type<Json>(),
    dedupeKey: text('dedupe_key'),
    /** How many got it; 0 = it still waits for somebody. */
    delivered: integer('delivered').notNull().default(0),
    at: timeColumn('at').notNull().defaultNow(),
    expiresAt: timeColumn('expires_at').notNull(),
  },
  (table) => [
    uniqueIndex('kept_event_dedupe')
      .on(table.workspaceId, table.name, table.dedupeKey)
      .where(sql`dedupe_key is not null`),
    index('kept_event_waiting')
      .on(table.workspaceId, table.name, table.key)
      .where(sql`delivered = 0`),
    index('kept_event_expiry').on(table.expiresAt),
  ],
)

/** Values above 64 KiB, once each, by the SHA-256 of their JSON text. */
export const blob = pgTable(
  'blob',
  {
    workspaceId: workspaceColumn(),
    hash: text('hash').notNull(),
    value: json('value').$type<Json>().notNull(),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.hash] })],
)

/** Which runs' histories refer to which blobs: a blob goes with the last of them. */
export const blobUse = pgTable(
  'blob_use',
  {
    workspaceId: workspaceColumn(),
    hash: text('hash').notNull(),
    run: uuid('run').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.hash, table.run] }),
    index('blob_use_run').on(table.run),
  ],
)

/** Processes that execute runs. One is alive exactly as long as it holds the advisory lock of its id. */
export const worker = pgTable('worker', {
  id: serial('id').primaryKey(),
  role: text('role').notNull(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  /** Under which Graphile Worker locks jobs for it. */
  jobWorkers: text('job_workers')
    .array()
    .notNull()
    .default(sql`'{}'::text[]`),
  startedAt: timeColumn('started_at').notNull().defaultNow(),
  stoppedAt: timeColumn('stopped_at'),
})
