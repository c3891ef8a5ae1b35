import type { Database } from '@/db/client'
import { getCollection, type CollectionRow } from '@/db/knowledge'
import { searchPassages } from '@/db/knowledge-search'
import { StepError } from '@/flow/kind'
import type { Passage } from '@/nodes/step'
import type { Chunk } from './chunks'
import { searchable } from './searchable'

/** Of a question; more says nothing more. */
const queryChars = 10_000

/** What the search is given of a passage: its headings too, but not on which page it stands. */
export function wordsOf({ place, text }: Chunk): string {
  return searchable(place === null || /^page \d+$/.test(place) ? text : `${place}\n${text}`)
}

/** The passages of a collection that fit a question best, best first. */
export async function search(
  db: Database,
  workspaceId: string,
  { id, language }: Pick<CollectionRow, 'id' | 'language'>,
  { query, topK }: { query: string; topK: number },
): Promise<Passage[]> {
  const words = searchable(query.slice(0, queryChars).replaceAll('\u0000', ' '))
  const found = await searchPassages(db, workspaceId, { collection: id, language, words, topK })
  return found.map(({ text, name, place, score }) => ({
    text,
    source: place === null ? name : `${name}, ${place}`,
    score: Math.round(score * 1_000) / 1_000,
  }))
}

/** The same for a step. Throws StepError `collection_missing`. */
export async function knowledgeOf(
  db: Database,
  workspaceId: string,
  {
    collection: id,
    query,
    topK,
    signal,
  }: { collection: string; query: string; topK: number; signal: AbortSignal },
): Promise<Passage[]> {
  signal.throwIfAborted()
  const collection = await getCollection(db, workspaceId, id.trim())
  if (!collection) {
    throw new StepError(
      'collection_missing',
      `There is no collection ${id}. Make it under Knowledge, and upload documents.`,
    )
  }
  return search(db, workspaceId, collection, { query, topK })
}
