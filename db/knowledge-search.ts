import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './client'
import { wakeEmbedding } from './embeddings'
import { knowledgeChunk, knowledgeDocument } from './schema/knowledge'

/** A passage as it is stored: `words` is what the search is given of it. */
export interface NewChunk {
  place: string | null
  text: string
  words: string
}

export interface NewDocument {
  id: string
  collection: string
  name: string
  mediaType: string
  bytes: number
  characters: number
  hash: string
}

/** Stores a document with its passages, in the place of the one of that name if there is one; they are to be embedded. */
export async function putDocument(
  db: Database,
  workspaceId: string,
  document: NewDocument,
  chunks: readonly NewChunk[],
  language: string,
  person: string | null,
): Promise<{ isNew: boolean }> {
  const { id, collection, name } = document
  return db.drizzle.transaction(async (tx) => {
    const replaced = await tx
      .delete(knowledgeDocument)
      .where(
        and(
          eq(knowledgeDocument.workspaceId, workspaceId),
          eq(knowledgeDocument.collection, collection),
          eq(knowledgeDocument.name, name),
        ),
      )
      .returning({ id: knowledgeDocument.id })
    await tx
      .insert(knowledgeDocument)
      .values({ workspaceId, ...document, passages: chunks.length, createdBy: person })
    for (let first = 0; first < chunks.length; first += chunksAtOnce) {
      const part = chunks.slice(first, first + chunksAtOnce)
      await tx.execute(sql`
        insert into ${knowledgeChunk} (workspace_id, document, number, collection, place, text, search, length)
        select ${workspaceId}, ${id}::uuid, given.at::int + ${first - 1}, ${collection}, given.place, given.text,
          to_tsvector(${language}::regconfig, given.words), given.length
        from unnest(
          ${texts(part, 'place')}, ${texts(part, 'text')}, ${texts(part, 'words')},
          ${sql.param(part.map(({ words }) => wordCount(words)))}::int[]
        ) with ordinality as given (place, text, words, length, at)`)
    }
    await wakeEmbedding(tx, workspaceId, collection)
    return { isNew: replaced.length === 0 }
  })
}

const chunksAtOnce = 500

/** As one parameter, whatever the texts hold. */
function texts(chunks: readonly NewChunk[], key: keyof NewChunk) {
  return sql`${sql.param(chunks.map((chunk) => chunk[key]))}::text[]`
}

function wordCount(words: string): number {
  return words.split(/\s+/).length
}

export interface FoundPassage {
  document: string
  name: string
  number: number
  place: string | null
  text: string
  /** 0 to 1. */
  score: number
}

/** Words of a question that count; a question has fewer. */
const wordsAtMost = 32
/** Passages that are weighed, those with the rarest words of the question first: about 35 µs for each. */
const weighedAtMost = 5_000
/** A word in more passages than these is as common as can be; counting them all would take longer than the rest. */
const countedAtMost = 20_000

/**
 * The passages that fit a question best, weighed much as BM25 does: rare words count more, repetitions and long passages less.
 * The score is the share of what an ordinary passage with each word of the question once would get. Repetitions are weighed by
 * `ts_rank`, which gives 1/1.645 for a word that is there once, and up to 1; the usual constants of BM25 for lengths are 1.2 and
 * 0.75; an ordinary passage of ours holds 180 words. Taking the vectors apart in SQL instead took four times as long.
 */
export async function searchPassages(
  db: Database,
  workspaceId: string,
  {
    collection,
    language,
    words,
    topK,
  }: { collection: string; language: string; words: string; topK: number },
): Promise<FoundPassage[]> {
  const { rows } = await db.drizzle.execute<FoundPassage & Record<string, unknown>>(sql`
    with asked as materialized (
      select lexeme, ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery as query
      from unnest(to_tsvector(${language}::regconfig, ${words}))
      order by lexeme
      limit ${wordsAtMost}
    ),
    known as materialized (
      select asked.*, (
        select count(*) from (
          select 1 from ${knowledgeChunk} chunk
          where chunk.workspace_id = ${workspaceId} and chunk.collection = ${collection} and chunk.search @@ asked.query
          limit ${countedAtMost}
        ) held
      ) as passages
      from asked
    ),
    size as materialized (
      select coalesce(sum(passages), 0) as passages from ${knowledgeDocument}
      where workspace_id = ${workspaceId} and collection = ${collection}
    ),
    weighed as materialized (
      select known.*,
        ln(1 + (greatest(size.passages - known.passages, 0) + 0.5) / (known.passages + 0.5)) as weight,
        sum(known.passages) over (order by known.passages, lexeme) as reach,
        row_number() over (order by known.passages = 0, known.passages, lexeme) as rank
      from known, size
    ),
    wanted as materialized (
      select string_agg(query::text, ' | ')::tsquery as query from weighed
      where passages > 0 and (rank = 1 or reach <= ${weighedAtMost})
    )
    select chunk.document, document.name, chunk.number, chunk.place, chunk.text, least(1, found.score)::float8 as score
    from wanted
    cross join lateral (
      select chunk.document, chunk.number, chunk.place, chunk.text, chunk.length, chunk.search || ''::tsvector as search
      from ${knowledgeChunk} chunk
      where chunk.workspace_id = ${workspaceId} and chunk.collection = ${collection} and chunk.search @@ wanted.query
      limit ${2 * weighedAtMost}
    ) chunk
    join ${knowledgeDocument} document on document.workspace_id = ${workspaceId} and document.id = chunk.document
    cross join lateral (
      select sum(weight * ts_rank('{1,1,1,1}', chunk.search, query)) * 1.645
        * 2.2 / (1 + 1.2 * (0.25 + 0.75 * chunk.length / 180.0)) / nullif(sum(weight), 0) as score
      from weighed
    ) found
    order by found.score desc, document.name, chunk.number
    limit ${topK}`)
  return rows
}
