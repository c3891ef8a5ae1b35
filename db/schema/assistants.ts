import { sql } from 'drizzle-orm'
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { organization } from './auth'
import { timeColumn, workspaceColumn } from './columns'

/** A named set of flows that a model may call in a conversation. */
export const assistant = pgTable(
  'assistant',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => organization.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** What it is told before anything its flows say. */
    instruction: text('instruction').notNull().default(''),
    /** `provider/name` or `offline`; null: the workspace's default. */
    model: text('model'),
    /** Of a realtime session; null: a usual one. */
    voiceModel: text('voice_model'),
    voice: text('voice'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

/** A flow of an assistant, and for whom it is on. */
export const assistantFlow = pgTable(
  'assistant_flow',
  {
    workspaceId: workspaceColumn(),
    assistantId: text('assistant_id').notNull(),
    flowId: text('flow_id').notNull(),
    /** On for everybody. */
    active: boolean('active').notNull().default(true),
    /** Kinds of user for whom it is on although it is not for everybody. */
    userKinds: text('user_kinds')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** In the order in which they were added. */
    position: integer('position').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.assistantId, table.flowId] }),
    index('assistant_flow_flow').on(table.workspaceId, table.flowId),
    foreignKey({
      columns: [table.workspaceId, table.assistantId],
      foreignColumns: [assistant.workspaceId, assistant.id],
    }).onDelete('cascade'),
  ],
)
