import { createHash } from 'node:crypto'
import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import { NotFoundError } from '@/db/errors'
import {
  addCollection,
  deleteCollection,
  deleteDocument,
  describeCollection,
  getCollection,
  listCollections,
  listDocuments,
  listPassages,
  type CollectionCount,
  type CollectionRow,
  type DocumentRow,
} from '@/db/knowledge'
import { putDocument } from '@/db/knowledge-search'
import { uuidAt } from '@/db/uuid'
import type { FoundPassages } from '@/nodes/step'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { countCall } from './count-call'
import { languageNames } from './languages'
import { cleaned } from './plain-text'
import { readUpload } from './reader'
import { search, wordsOf } from './search'

const collectionIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'An id is small letters, digits and _, such as handbook.')
export const collectionWordsSchema = z.strictObject({
  name: z.string().trim().min(1, 'Give the collection a name.').max(200),
  description: z.string().max(2_000).default(''),
})
export const collectionSchema = collectionWordsSchema.extend({
  id: collectionIdSchema,
  language: z.enum(languageNames).default('english'),
})
export const questionSchema = z.strictObject({
  query: z.string().trim().min(1, 'Write what to look for.').max(10_000),
  topK: z.coerce.number().int().min(1).max(50).default(5),
})

/** What of the server documents need. */
export type KnowledgeApp = Pick<App, 'db' | 'services' | 'embeddings'>

export type CollectionView = Omit<CollectionCount, 'createdAt'> & { createdAt: string }
export type DocumentView = Omit<DocumentRow, 'createdAt'> & { createdAt: string }

const noSuchCollection = (id: string) => new NotFoundError(`There is no collection ${id}.`)

export async function readCollections(
  { db }: KnowledgeApp,
  { workspaceId }: Caller,
): Promise<CollectionView[]> {
  const rows = await listCollections(db, workspaceId)
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

/** Throws ConflictError `collection_exists`. */
export async function makeCollection(
  { db }: KnowledgeApp,
  { workspaceId, user }: Caller,
  collection: z.output<typeof collectionSchema>,
): Promise<void> {
  await addCollection(db, workspaceId, collection, user.id)
  const subject = collection.id
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'collection.made', subject })
}

/** Throws NotFoundError. */
export async function renameCollection(
  { db }: KnowledgeApp,
  { workspaceId }: Caller,
  id: string,
  words: z.output<typeof collectionWordsSchema>,
): Promise<void> {
  if (!(await describeCollection(db, workspaceId, id, words))) throw noSuchCollection(id)
}

/** With its documents. Throws NotFoundError. */
export async function removeCollection(
  { db }: KnowledgeApp,
  { workspaceId, user }: Caller,
  id: string,
): Promise<void> {
  if (!(await deleteCollection(db, workspaceId, id))) throw noSuchCollection(id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'collection.removed', subject: id })
}

/** Throws NotFoundError. */
export async function collectionOf(
  { db }: KnowledgeApp,
  { workspaceId }: Caller,
  id: string,
): Promise<CollectionRow> {
  const row = await getCollection(db, workspaceId, id)
  if (!row) throw noSuchCollection(id)
  return row
}

export async function readDocuments(
  app: KnowledgeApp,
  caller: Caller,
  collection: string,
): Promise<DocumentView[]> {
  await collectionOf(app, caller, collection)
  const rows = await listDocuments(app.db, caller.workspaceId, collection)
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

/**
 * Reads and stores a document, in the place of the one of that name if there is one; when it cannot be read that one stays.
 * Throws NotFoundError, and RequestError as `readUpload` does.
 */
export async function storeDocument(
  app: KnowledgeApp,
  caller: Caller,
  {
    collection,
    name,
    mediaType,
    bytes,
  }: { collection: string; name: string; mediaType: string; bytes: Uint8Array },
): Promise<{ document: DocumentView; isNew: boolean }> {
  const { db, embeddings } = app
  const { workspaceId, user } = caller
  const { language } = await collectionOf(app, caller, collection)
  const plainName = cleaned(name).replace(/\s+/g, ' ').trim()
  const read = await readUpload(plainName, mediaType, bytes)
  const now = Date.now()
  const document = {
    id: uuidAt(now),
    collection,
    name: plainName,
    mediaType: read.mediaType,
    bytes: bytes.byteLength,
    characters: read.characters,
  }
  const hash = createHash('sha256').update(bytes).digest('hex')
  const chunks = read.chunks.map((chunk) => ({ ...chunk, words: wordsOf(chunk) }))
  const { isNew } = await putDocument(db, workspaceId, { ...document, hash }, chunks, language, user.id)
  embeddings.look()
  const subject = `${collection}/${plainName}`
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'document.stored', subject })
  const createdAt = new Date(now).toISOString()
  return { document: { ...document, passages: chunks.length, createdAt }, isNew }
}

/** Throws NotFoundError. */
export async function readPassages(
  app: KnowledgeApp,
  caller: Caller,
  collection: string,
  document: string,
): Promise<{ place: string | null; text: string }[]> {
  return listPassages(app.db, caller.workspaceId, collection, documentId(document))
}

/** Throws NotFoundError. */
export async function removeDocument(
  { db }: KnowledgeApp,
  { workspaceId, user }: Caller,
  collection: string,
  id: string,
): Promise<void> {
  const name = await deleteDocument(db, workspaceId, collection, documentId(id))
  if (name === null) throw new NotFoundError('There is no such document in this collection.')
  const subject = `${collection}/${name}`
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'document.removed', subject })
}

/** Throws NotFoundError when it is none: PostgreSQL would not look for it. */
function documentId(id: string): string {
  if (z.uuid().safeParse(id).success) return id
  throw new NotFoundError('There is no such document in this collection.')
}

/** What a step of a flow would find. Throws NotFoundError. */
export async function tryQuestion(
  app: KnowledgeApp,
  caller: Caller,
  id: string,
  question: z.output<typeof questionSchema> & { signal: AbortSignal },
): Promise<Pick<FoundPassages, 'passages' | 'note'>> {
  const { db, services } = app
  const { workspaceId } = caller
  const collection = await collectionOf(app, caller, id)
  const found = search({ db, models: services.models }, workspaceId, collection, question)
  const call = { pass: uuidAt(Date.now()), number: 1, collection: id }
  const { passages, note } = await countCall(db, workspaceId, call, found)
  return { passages, ...(note === undefined ? {} : { note }) }
}
