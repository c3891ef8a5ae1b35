import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Json, JsonObject } from '@/flow/json'
import type { OpenAsk } from '@/flow/run/asking'
import { timeColumn, workspaceColumn } from './columns'

/*
 * A conversation is what its runs have said and heard. Messages of the assistant, and answers that were given elsewhere, are
 * taken from their histories, each once, so that whoever looks next writes down what a process that died did not.
 */

export const thread = pgTable(
  'thread',
  {
    workspaceId: workspaceColumn(),
    /** Unguessable: for people without an account it is the right to go on with the conversation. */
    id: uuid('id').notNull(),
    flowId: text('flow_id').notNull(),
    /** Its runs are of the draft instead of the live version. */
    draft: boolean('draft').notNull().default(false),
    /** With whom, when that is known. */
    person: text('person'),
    /** The link by which it came; null: by API or editor. */
    link: text('link'),
    /** Of the request that began it, for a day: a second one with the same is that request again. */
    openingKey: text('opening_key'),
    /** How it began. */
    title: text('title').notNull(),
    /** Number of the newest message. */
    lastSeq: integer('last_seq').notNull().default(0),
    /** The message that is being answered; null: none, or nobody has taken it up yet. */
    turn: integer('turn'),
    /** The newest run. */
    run: uuid('run'),
    /** How far that run's history is known here. */
    seenSeq: integer('seen_seq').notNull().default(0),
    /** What the run asks at that point, oldest first. */
    asks: json('asks').$type<OpenAsk[]>().notNull().default([]),
    /** The run has not ended at that point. */
    going: boolean('going').notNull().default(false),
    tokens: bigint('tokens', { mode: 'number' }).notNull().default(0),
    /** Of those, the newest run's. */
    runTokens: bigint('run_tokens', { mode: 'number' }).notNull().default(0),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('thread_flow').on(table.workspaceId, table.flowId, table.updatedAt),
    uniqueIndex('thread_opening')
      .on(table.workspaceId, table.openingKey)
      .where(sql`opening_key is not null`),
    index('thread_age').on(table.updatedAt),
    index('thread_at_work')
      .on(table.updatedAt)
      .where(sql`turn is not null or going`),
  ],
)

export const message = pgTable(
  'message',
  {
    workspaceId: workspaceColumn(),
    thread: uuid('thread').notNull(),
    /** From 1, in order of arrival. */
    seq: integer('seq').notNull(),
    id: uuid('id').notNull(),
    role: text('role').$type<'user' | 'assistant'>().notNull(),
    text: text('text').notNull(),
    /** Of the assistant: the message that it answers. */
    turn: integer('turn'),
    /** Of the user: a run has it. Always true for the assistant's. */
    delivered: boolean('delivered').notNull(),
    /** Of the user: a second one with the same is not taken. */
    key: text('key'),
    run: uuid('run'),
    /** The event of the run that it was taken from: what the assistant says, and answers that were given elsewhere. */
    event: integer('event'),
    tokens: integer('tokens').notNull().default(0),
    /** Of the assistant: how the talk goes on (`status`, `guidance`, `next`), or why it failed (`error`). */
    result: json('result').$type<JsonObject>(),
    at: timeColumn('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.thread, table.seq] }),
    uniqueIndex('message_key')
      .on(table.workspaceId, table.thread, table.key)
      .where(sql`key is not null`),
    uniqueIndex('message_event')
      .on(table.workspaceId, table.thread, table.run, table.event)
      .where(sql`event is not null`),
    index('message_undelivered')
      .on(table.workspaceId, table.thread, table.seq)
      .where(sql`not delivered`),
  ],
)

/** What a flow remembers between the runs of one user, or of one thread. */
export const flowContext = pgTable(
  'flow_context',
  {
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    /** `user ana@example.com` or `thread 0199…`. */
    subject: text('subject').notNull(),
    state: json('state').$type<{ [name: string]: Json }>().notNull(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.flowId, table.subject] }),
    index('flow_context_age').on(table.updatedAt),
  ],
)
