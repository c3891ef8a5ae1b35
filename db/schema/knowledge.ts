import {
  customType,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { organization } from './auth'
import { timeColumn, workspaceColumn } from './columns'

/** The words of a text with their places, as PostgreSQL's full-text search keeps them. */
const words = customType<{ data: string; driverData: string }>({ dataType: () => 'tsvector' })

/** Documents that are searched together. */
export const knowledgeCollection = pgTable(
  'knowledge_collection',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => organization.id, { onDelete: 'cascade' }),
    /** A slug, as flows name it. */
    id: text('id').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** PostgreSQL's name of the language whose endings are taken off words; `simple` takes off none. */
    language: text('language').notNull().default('english'),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const knowledgeDocument = pgTable(
  'knowledge_document',
  {
    workspaceId: workspaceColumn(),
    id: uuid('id').notNull(),
    collection: text('collection').notNull(),
    /** Of the file. A second upload of the same name takes the first one's place. */
    name: text('name').notNull(),
    /** `text/markdown`, `application/pdf`, … */
    mediaType: text('media_type').notNull(),
    bytes: integer('bytes').notNull(),
    /** Characters of the text that was found in it. */
    characters: integer('characters').notNull(),
    passages: integer('passages').notNull(),
    /** SHA-256 of the file, hex. */
    hash: text('hash').notNull(),
    createdAt: timeColumn('created_at').notNull().defaultNow(),
    createdBy: text('created_by'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('knowledge_document_name').on(table.workspaceId, table.collection, table.name),
    foreignKey({
      columns: [table.workspaceId, table.collection],
      foreignColumns: [knowledgeCollection.workspaceId, knowledgeCollection.id],
    }).onDelete('cascade'),
  ],
)

/** The passages that documents are cut into, and what finds them. */
export const knowledgeChunk = pgTable(
  'knowledge_chunk',
  {
    workspaceId: workspaceColumn(),
    document: uuid('document').notNull(),
    /** From 0, in the order of the document. */
    number: integer('number').notNull(),
    collection: text('collection').notNull(),
    /** Where in the document: `page 3`, `Returns › Exceptions`; null when it says nothing. */
    place: text('place'),
    text: text('text').notNull(),
    search: words('search').notNull(),
    /** How many words `search` holds, repetitions counted. */
    length: integer('length').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.document, table.number] }),
    index('knowledge_chunk_search').using('gin', table.search),
    index('knowledge_chunk_collection').on(table.workspaceId, table.collection),
    foreignKey({
      columns: [table.workspaceId, table.document],
      foreignColumns: [knowledgeDocument.workspaceId, knowledgeDocument.id],
    }).onDelete('cascade'),
  ],
)
