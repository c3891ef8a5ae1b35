import type { Database } from '@/db/client'
import { getCollection, type CollectionRow } from '@/db/knowledge'
import { searchPassages, type FoundPassage } from '@/db/knowledge-search'
import { readVectorPlan, searchVectors } from '@/db/vectors'
import { StepError, type Usage } from '@/flow/kind'
import type { FoundPassages, Passage } from '@/nodes/step'
import type { Models } from '../models/models'
import type { Chunk } from './chunks'
import { mergeRanks } from './merge'
import { searchable } from './searchable'

/** What a search needs of the server. */
export interface SearchParts {
  db: Database
  models: Models
}

export interface Question {
  query: string
  topK: number
  signal: AbortSignal
}

/** Of a question; more says nothing more. */
const queryChars = 10_000
/** How long the model may take that says what a question means: without it there is still the full text. */
const meaningMs = 10_000
/** How many of each list are merged: what stands lower in both says nothing. */
const mergedAtMost = 50

/** A passage with its headings, but not on which page it stands. */
export function withHeadings({ place, text }: Chunk): string {
  return place === null || /^page \d+$/.test(place) ? text : `${place}\n${text}`
}

/** What the full-text search is given of a passage. */
export function wordsOf(chunk: Chunk): string {
  return searchable(withHeadings(chunk))
}

/**
 * The passages of a collection that fit a question best, best first: by their words, and by what they mean too where the
 * collection has embeddings. When those cannot be had the words alone decide, and a note says why.
 */
export async function search(
  { db, models }: SearchParts,
  workspaceId: string,
  { id, language }: Pick<CollectionRow, 'id' | 'language'>,
  { query, topK, signal }: Question,
): Promise<FoundPassages> {
  const asked = query.slice(0, queryChars).replaceAll('\u0000', ' ')
  const byWords = (most: number) =>
    searchPassages(db, workspaceId, { collection: id, language, words: searchable(asked), topK: most })
  const near = await nearest({ db, models }, workspaceId, id, { query: asked, signal })
  if (!near) return { passages: (await byWords(topK)).map(passageOf) }
  const { usage, note } = near
  const told = { ...(usage ? { usage } : {}), ...(note === undefined ? {} : { note }) }
  if (!near.found) return { passages: (await byWords(topK)).map(passageOf), ...told }
  const lists = [await byWords(mergedAtMost), near.found]
  const passages = mergeRanks(lists, placeOf)
    .slice(0, topK)
    .map(({ items }) => {
      const [first, second = first] = items
      return passageOf({ ...first, score: Math.max(first.score, second.score) })
    })
  return { passages, ...told }
}

const placeOf = ({ document, number }: FoundPassage) => `${document}/${number}`

/** What came of asking for meanings; `found` null with a note when it was of no use. Null: the collection has no embeddings. */
async function nearest(
  { db, models }: SearchParts,
  workspaceId: string,
  collection: string,
  { query, signal }: Omit<Question, 'topK'>,
): Promise<{ found: FoundPassage[] | null; note?: string; usage?: Usage } | null> {
  const plan = await readVectorPlan(db, workspaceId, collection)
  if (!plan) return null
  const byWordsAlone = (why: string, usage?: Usage) => ({
    found: null,
    note: `Searched by words alone: ${why}`,
    ...(usage ? { usage } : {}),
  })
  const { model, schema, dimensions } = plan
  if (schema === null) return byWordsAlone('this PostgreSQL has no pgvector extension.')
  if (!plan.hasVectors)
    return byWordsAlone(plan.problem ?? 'the embeddings of this collection are not made yet.')
  try {
    const embedder = await models.embedder(workspaceId, model)
    const limited = AbortSignal.any([signal, AbortSignal.timeout(meaningMs)])
    const { vectors, usage } = await embedder.embed([query], { as: 'question', signal: limited })
    const [vector = []] = vectors
    if (vector.length !== dimensions) return byWordsAlone(otherSize(model, vector.length, dimensions), usage)
    const found = await searchVectors(db, workspaceId, {
      ...{ collection, model, vector, schema, limit: mergedAtMost },
    })
    return { found, usage }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StepError) return byWordsAlone(error.message, error.usage)
    throw error
  }
}

/** The model of that name is another one by now. */
export function otherSize(model: string, given: number, wanted: number): string {
  return `${model} gives vectors of ${given} numbers, and gave ${wanted} when it was chosen. Choose it again to have all passages embedded anew.`
}

function passageOf({ text, name, place, score }: FoundPassage): Passage {
  return {
    text,
    source: place === null ? name : `${name}, ${place}`,
    score: Math.round(score * 1_000) / 1_000,
  }
}

/** The same for a step. Throws StepError `collection_missing`. */
export async function knowledgeOf(
  parts: SearchParts,
  workspaceId: string,
  { collection: id, ...question }: Question & { collection: string },
): Promise<FoundPassages> {
  question.signal.throwIfAborted()
  const collection = await getCollection(parts.db, workspaceId, id.trim())
  if (!collection) {
    throw new StepError(
      'collection_missing',
      `There is no collection ${id}. Make it under Knowledge, and upload documents.`,
    )
  }
  return search(parts, workspaceId, collection, question)
}
