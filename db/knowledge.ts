import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { ConflictError, NotFoundError } from './errors'
import { knowledgeChunk, knowledgeCollection, knowledgeDocument } from './schema/knowledge'

export interface CollectionRow {
  id: string
  name: string
  description: string
  /** PostgreSQL's name of a text search configuration. */
  language: string
  createdAt: Date
}

export interface CollectionCount extends CollectionRow {
  documents: number
  passages: number
}

export interface DocumentRow {
  id: string
  collection: string
  name: string
  mediaType: string
  bytes: number
  characters: number
  passages: number
  createdAt: Date
}

const collectionColumns = {
  id: knowledgeCollection.id,
  name: knowledgeCollection.name,
  description: knowledgeCollection.description,
  language: knowledgeCollection.language,
  createdAt: knowledgeCollection.createdAt,
}

const documentColumns = {
  id: knowledgeDocument.id,
  collection: knowledgeDocument.collection,
  name: knowledgeDocument.name,
  mediaType: knowledgeDocument.mediaType,
  bytes: knowledgeDocument.bytes,
  characters: knowledgeDocument.characters,
  passages: knowledgeDocument.passages,
  createdAt: knowledgeDocument.createdAt,
}

const ofWorkspace = (workspaceId: string, id: string) =>
  and(eq(knowledgeCollection.workspaceId, workspaceId), eq(knowledgeCollection.id, id))

/** By name. */
export async function listCollections(db: Database, workspaceId: string): Promise<CollectionCount[]> {
  return db.drizzle
    .select({
      ...collectionColumns,
      documents: sql<number>`count(${knowledgeDocument.id})::int`,
      passages: sql<number>`coalesce(sum(${knowledgeDocument.passages}), 0)::int`,
    })
    .from(knowledgeCollection)
    .leftJoin(
      knowledgeDocument,
      and(
        eq(knowledgeDocument.workspaceId, knowledgeCollection.workspaceId),
        eq(knowledgeDocument.collection, knowledgeCollection.id),
      ),
    )
    .where(eq(knowledgeCollection.workspaceId, workspaceId))
    .groupBy(knowledgeCollection.workspaceId, knowledgeCollection.id)
    .orderBy(knowledgeCollection.name, knowledgeCollection.id)
}

export async function getCollection(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<CollectionRow | null> {
  const [row] = await db.drizzle
    .select(collectionColumns)
    .from(knowledgeCollection)
    .where(ofWorkspace(workspaceId, id))
  return row ?? null
}

/** Throws ConflictError `collection_exists`. */
export async function addCollection(
  db: Database,
  workspaceId: string,
  collection: Omit<CollectionRow, 'createdAt'>,
  person: string | null,
): Promise<void> {
  const added = await db.drizzle
    .insert(knowledgeCollection)
    .values({ workspaceId, ...collection, createdBy: person })
    .onConflictDoNothing()
    .returning({ id: knowledgeCollection.id })
  if (added.length > 0) return
  throw new ConflictError(
    'collection_exists',
    `There is a collection ${collection.id} already. Take another id.`,
  )
}

/** Gives whether there was one. */
export async function describeCollection(
  db: Database,
  workspaceId: string,
  id: string,
  words: { name: string; description: string },
): Promise<boolean> {
  const changed = await db.drizzle
    .update(knowledgeCollection)
    .set(words)
    .where(ofWorkspace(workspaceId, id))
    .returning({ id: knowledgeCollection.id })
  return changed.length > 0
}

/** With all its documents. Gives whether there was one. */
export async function deleteCollection(db: Database, workspaceId: string, id: string): Promise<boolean> {
  const gone = await db.drizzle
    .delete(knowledgeCollection)
    .where(ofWorkspace(workspaceId, id))
    .returning({ id: knowledgeCollection.id })
  return gone.length > 0
}

/** By name. */
export async function listDocuments(
  db: Database,
  workspaceId: string,
  collection: string,
): Promise<DocumentRow[]> {
  return db.drizzle
    .select(documentColumns)
    .from(knowledgeDocument)
    .where(and(eq(knowledgeDocument.workspaceId, workspaceId), eq(knowledgeDocument.collection, collection)))
    .orderBy(knowledgeDocument.name)
}

/** The passages of a document in their order. Throws NotFoundError when it is not in that collection. */
export async function listPassages(
  db: Database,
  workspaceId: string,
  collection: string,
  document: string,
): Promise<{ place: string | null; text: string }[]> {
  const rows = await db.drizzle
    .select({ place: knowledgeChunk.place, text: knowledgeChunk.text })
    .from(knowledgeChunk)
    .where(
      and(
        eq(knowledgeChunk.workspaceId, workspaceId),
        eq(knowledgeChunk.collection, collection),
        eq(knowledgeChunk.document, document),
      ),
    )
    .orderBy(knowledgeChunk.number)
  if (rows.length === 0) throw new NotFoundError('There is no such document in this collection.')
  return rows
}

/** Gives its name, or null when there was none. */
export async function deleteDocument(
  db: Database,
  workspaceId: string,
  collection: string,
  id: string,
): Promise<string | null> {
  const [gone] = await db.drizzle
    .delete(knowledgeDocument)
    .where(
      and(
        eq(knowledgeDocument.workspaceId, workspaceId),
        eq(knowledgeDocument.collection, collection),
        eq(knowledgeDocument.id, id),
      ),
    )
    .returning({ name: knowledgeDocument.name })
  return gone?.name ?? null
}
