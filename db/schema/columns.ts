import { text, timestamp } from 'drizzle-orm/pg-core'

/** Milliseconds, as events carry them. */
export const timeColumn = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** The tenant. Every table that holds a workspace's things has it, and every query on one names it. */
export const workspaceColumn = () => text('workspace_id').notNull()
