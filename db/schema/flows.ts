import { sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { FlowDocument } from '@/flow/document'
import type { Json } from '@/flow/json'
import { organization } from './auth'
import { timeColumn, workspaceColumn } from './columns'

/*
 * JSON that people wrote or a run computed is `json`, not `jsonb`: `jsonb` sorts keys by length, so a form would
 * lose the order of its fields and a run resumed from its history would see other objects than before the crash.
 */

export const flow = pgTable(
  'flow',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => organization.id, { onDelete: 'cascade' }),
    /** The document's slug. */
    id: text('id').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** The draft. */
    document: json('document').$type<FlowDocument>().notNull(),
    /** SHA-256 of the draft, hex. */
    hash: text('hash').notNull(),
    /** Counts saves of the draft, from 1. */
    revision: integer('revision').notNull().default(1),
    /** Highest published number, or null. */
    liveVersion: integer('live_version'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
    archivedAt: timeColumn('archived_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

/** Apart from `flow`, so that numbering runs never waits for a save, and rewrites a tiny row. */
export const flowRunCounter = pgTable(
  'flow_run_counter',
  {
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    lastNumber: integer('last_number').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.flowId] })],
)

/** Frozen documents. Every run points at one. */
export const flowVersion = pgTable(
  'flow_version',
  {
    id: uuid('id').primaryKey(),
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    /** Numbered from 1 when published; null when frozen for runs of a draft, one per content hash. */
    number: integer('number'),
    hash: text('hash').notNull(),
    document: json('document').$type<FlowDocument>().notNull(),
    note: text('note'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
  },
  (table) => [
    uniqueIndex('flow_version_number').on(table.workspaceId, table.flowId, table.number),
    uniqueIndex('flow_version_draft')
      .on(table.workspaceId, table.flowId, table.hash)
      .where(sql`number is null`),
  ],
)

/** Paths under /hooks of the live versions. A path belongs to one flow of the whole installation. */
export const webhook = pgTable(
  'webhook',
  {
    method: text('method').notNull(),
    path: text('path').notNull(),
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    node: text('node').notNull(),
    version: integer('version').notNull(),
    config: json('config').$type<{ [key: string]: Json }>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.method, table.path] }),
    index('webhook_flow').on(table.workspaceId, table.flowId),
  ],
)

/** Schedule triggers of the live versions, and when each is due next. */
export const schedule = pgTable(
  'schedule',
  {
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    node: text('node').notNull(),
    version: integer('version').notNull(),
    cron: text('cron').notNull(),
    timezone: text('timezone').notNull().default('UTC'),
    catchUp: text('catch_up').$type<'none' | 'last' | 'all'>().notNull().default('none'),
    input: json('input').$type<Json>(),
    paused: boolean('paused').notNull().default(false),
    /** False until the runtime has computed `nextAt` from `cron`. */
    planned: boolean('planned').notNull().default(false),
    /** Null when the expression never fires again. */
    nextAt: timeColumn('next_at'),
    lastAt: timeColumn('last_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.flowId, table.node] }),
    index('schedule_due').on(table.nextAt),
  ],
)

/** Event triggers of the live versions. */
export const eventTrigger = pgTable(
  'event_trigger',
  {
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    node: text('node').notNull(),
    version: integer('version').notNull(),
    name: text('name').notNull(),
    /** An expression that the event must fulfil. */
    filter: text('filter'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.flowId, table.node] }),
    index('event_trigger_name').on(table.workspaceId, table.name),
  ],
)

/** A link that shows a flow, or a flow with one run, or lets talk with it, to people without an account. */
export const shareLink = pgTable(
  'share_link',
  {
    token: text('token').primaryKey(),
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    kind: text('kind').$type<'view' | 'chat'>().notNull().default('view'),
    run: uuid('run'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
    revokedAt: timeColumn('revoked_at'),
  },
  (table) => [index('share_link_flow').on(table.workspaceId, table.flowId)],
)

export const variable = pgTable(
  'variable',
  {
    workspaceId: workspaceColumn(),
    name: text('name').notNull(),
    value: json('value').$type<Json>().notNull(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
)

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A secret, sealed with AES-256-GCM by the server's key. */
export const credential = pgTable(
  'credential',
  {
    workspaceId: workspaceColumn(),
    name: text('name').notNull(),
    /** 12 bytes nonce, 16 bytes tag, then the sealed text. */
    sealed: bytes('sealed').notNull(),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
)

/** Who did what to what, for people; runs have their history. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    id: uuid('id').primaryKey(),
    workspaceId: workspaceColumn(),
    at: timeColumn('at').notNull().defaultNow(),
    person: text('person'),
    /** Verb on a noun: `flow.published`. */
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    details: json('details').$type<Json>(),
  },
  (table) => [index('audit_entry_time').on(table.workspaceId, table.at)],
)
