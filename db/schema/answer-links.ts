import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { timeColumn, workspaceColumn } from './columns'

/** Links by which one of the people whom a step asks answers as that person. */
export const answerLink = pgTable(
  'answer_link',
  {
    workspaceId: workspaceColumn(),
    run: uuid('run').notNull(),
    /** The token of the wait: asked anew, the step waits by another, and these links lead nowhere. */
    wait: text('wait').notNull(),
    /** E-mail address, as the step names it. */
    person: text('person').notNull(),
    /** Unguessable: whoever has it answers as the person. */
    token: text('token').notNull(),
    /**
     * Of the mail that brings it: `sending` before it is handed over, and for good when nobody knows whether it was taken: it
     * is never sent twice. Null: none was tried, or another try will follow.
     */
    mail: text('mail').$type<'sending' | 'sent' | 'failed'>(),
    /** Why the mail was not sent. */
    problem: text('problem'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.wait, table.person] }),
    uniqueIndex('answer_link_token').on(table.token),
    index('answer_link_run').on(table.run),
  ],
)
