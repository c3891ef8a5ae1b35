import { sql } from 'drizzle-orm'
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { organization } from './auth'
import { timeColumn } from './columns'

/** Servers of the Model Context Protocol that a workspace's flows may ask. */
export const mcpServer = pgTable(
  'mcp_server',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => organization.id, { onDelete: 'cascade' }),
    /** As flows name it. */
    name: text('name').notNull(),
    url: text('url').notNull(),
    /** The headers of each request as JSON, sealed; null when there are none. */
    headers: text('headers'),
    /** Of the sealed headers, for people. */
    headerNames: text('header_names')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
)
