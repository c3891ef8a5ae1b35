import { foreignKey, index, integer, pgTable, primaryKey, real, text, uuid } from 'drizzle-orm/pg-core'
import { timeColumn, workspaceColumn } from './columns'
import { knowledgeChunk, knowledgeCollection } from './knowledge'

/** Which model says what the passages of a collection mean, and how far it has come; a collection without a row has none. */
export const knowledgeEmbedding = pgTable(
  'knowledge_embedding',
  {
    workspaceId: workspaceColumn(),
    collection: text('collection').notNull(),
    /** `openai/text-embedding-3-small`. */
    model: text('model').notNull(),
    /** Numbers of each of its vectors. */
    dimensions: integer('dimensions').notNull(),
    /** Counts what gives work: only who has seen the last of it may say that all is done. */
    revision: integer('revision').notNull().default(1),
    /** When to go on; null: nothing is to be done, or it was given up. */
    dueAt: timeColumn('due_at'),
    /** Until then a process is at it. */
    leaseUntil: timeColumn('lease_until'),
    /** Failures in a row. */
    failures: integer('failures').notNull().default(0),
    problemCode: text('problem_code'),
    /** For people; null since it went well. */
    problem: text('problem'),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.collection] }),
    index('knowledge_embedding_due').on(table.dueAt),
    foreignKey({
      columns: [table.workspaceId, table.collection],
      foreignColumns: [knowledgeCollection.workspaceId, knowledgeCollection.id],
    }).onDelete('cascade'),
  ],
)

/**
 * What passages mean, as the model of their collection says it. Plain numbers, so that the table needs no extension:
 * pgvector, where it is, compares them.
 */
export const knowledgeVector = pgTable(
  'knowledge_vector',
  {
    workspaceId: workspaceColumn(),
    document: uuid('document').notNull(),
    /** Of the passage in its document. */
    number: integer('number').notNull(),
    collection: text('collection').notNull(),
    /** Only vectors of the same model, and as long, can be compared. */
    model: text('model').notNull(),
    dimensions: integer('dimensions').notNull(),
    vector: real('vector').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.document, table.number] }),
    index('knowledge_vector_collection').on(table.workspaceId, table.collection, table.model),
    foreignKey({
      columns: [table.workspaceId, table.document, table.number],
      foreignColumns: [knowledgeChunk.workspaceId, knowledgeChunk.document, knowledgeChunk.number],
    }).onDelete('cascade'),
  ],
)
