import { and, eq, sql } from 'drizzle-orm'
import type { Database, Executor } from './client'
import { knowledgeEmbedding, knowledgeVector } from './schema/embeddings'
import { knowledgeChunk, knowledgeDocument } from './schema/knowledge'

/** Which model a collection's passages are given to, and what came of it. */
export interface EmbeddingRow {
  model: string
  dimensions: number
  /** When it goes on; null: nothing is to be done, or it was given up. */
  dueAt: Date | null
  problemCode: string | null
  problem: string | null
  /** Passages that have a vector of that model. */
  embedded: number
  passages: number
}

const ofCollection = (workspaceId: string, collection: string) =>
  and(eq(knowledgeEmbedding.workspaceId, workspaceId), eq(knowledgeEmbedding.collection, collection))

/** Null: the collection has no embeddings. */
export async function readEmbedding(
  db: Database,
  workspaceId: string,
  collection: string,
): Promise<EmbeddingRow | null> {
  const { model, dimensions, dueAt, problemCode, problem } = knowledgeEmbedding
  const [row] = await db.drizzle
    .select({
      ...{ model, dimensions, dueAt, problemCode, problem },
      embedded: sql<number>`(
        select count(*)::int from ${knowledgeVector}
        where ${knowledgeVector.workspaceId} = ${workspaceId} and ${knowledgeVector.collection} = ${collection}
          and ${knowledgeVector.model} = ${model} and ${knowledgeVector.dimensions} = ${dimensions})`,
      passages: sql<number>`(
        select coalesce(sum(${knowledgeDocument.passages}), 0)::int from ${knowledgeDocument}
        where ${knowledgeDocument.workspaceId} = ${workspaceId} and ${knowledgeDocument.collection} = ${collection})`,
    })
    .from(knowledgeEmbedding)
    .where(ofCollection(workspaceId, collection))
  return row ?? null
}

/** From now on that model, at once. What another, or one that answers otherwise now, has made goes. */
export async function setEmbedding(
  db: Database,
  workspaceId: string,
  collection: string,
  { model, dimensions }: { model: string; dimensions: number },
  person: string | null,
): Promise<void> {
  const values = { model, dimensions, updatedBy: person }
  await db.drizzle.transaction(async (tx) => {
    await tx
      .insert(knowledgeEmbedding)
      .values({ workspaceId, collection, ...values, dueAt: sql`now()` })
      .onConflictDoUpdate({
        target: [knowledgeEmbedding.workspaceId, knowledgeEmbedding.collection],
        set: {
          ...values,
          ...afresh,
          leaseUntil: null,
          problem: null,
          problemCode: null,
          updatedAt: sql`now()`,
        },
      })
    await tx
      .delete(knowledgeVector)
      .where(
        and(
          eq(knowledgeVector.workspaceId, workspaceId),
          eq(knowledgeVector.collection, collection),
          sql`(${knowledgeVector.model}, ${knowledgeVector.dimensions}) <> (${model}, ${dimensions})`,
        ),
      )
  })
}

const afresh = { dueAt: sql`now()`, failures: 0, revision: sql`${knowledgeEmbedding.revision} + 1` }

/** Without embeddings from now on. Gives whether it had some. */
export async function dropEmbedding(db: Database, workspaceId: string, collection: string): Promise<boolean> {
  return db.drizzle.transaction(async (tx) => {
    const gone = await tx
      .delete(knowledgeEmbedding)
      .where(ofCollection(workspaceId, collection))
      .returning({ model: knowledgeEmbedding.model })
    await tx
      .delete(knowledgeVector)
      .where(and(eq(knowledgeVector.workspaceId, workspaceId), eq(knowledgeVector.collection, collection)))
    return gone.length > 0
  })
}

/** There is work, or what was given up is tried again. Gives whether the collection has embeddings at all. */
export async function wakeEmbedding(
  executor: Executor,
  workspaceId: string,
  collection: string,
): Promise<boolean> {
  const woken = await executor
    .update(knowledgeEmbedding)
    .set(afresh)
    .where(ofCollection(workspaceId, collection))
    .returning({ model: knowledgeEmbedding.model })
  return woken.length > 0
}

/** A collection whose passages one process may work on until its lease ends. */
export interface EmbeddingClaim {
  workspaceId: string
  collection: string
  model: string
  dimensions: number
  revision: number
  failures: number
}

/**
 * The one that is due longest and that nobody is at, of any workspace. Times are kept in whole milliseconds, rounded: what is
 * due at once may stand half a one ahead of a clock that is not.
 */
export async function claimEmbedding(db: Database, leaseMs: number): Promise<EmbeddingClaim | null> {
  const { rows } = await db.pool.query<EmbeddingClaim>(
    `update knowledge_embedding set lease_until = now() + $1 * interval '1 millisecond'
     where (workspace_id, collection) = (
       select workspace_id, collection from knowledge_embedding
       where due_at <= now()::timestamptz(3)
         and (lease_until is null or lease_until <= now()::timestamptz(3))
       order by due_at limit 1 for update skip locked)
     returning workspace_id as "workspaceId", collection, model, dimensions, revision, failures`,
    [leaseMs],
  )
  return rows[0] ?? null
}

export interface UnembeddedPassage {
  document: string
  number: number
  place: string | null
  text: string
}

/** Passages without a vector of that model, in the order of their documents. */
export async function listUnembedded(
  db: Database,
  workspaceId: string,
  { collection, model, dimensions }: Pick<EmbeddingClaim, 'collection' | 'model' | 'dimensions'>,
  limit: number,
): Promise<UnembeddedPassage[]> {
  const { document, number, place, text } = knowledgeChunk
  return db.drizzle
    .select({ document, number, place, text })
    .from(knowledgeChunk)
    .where(
      and(
        eq(knowledgeChunk.workspaceId, workspaceId),
        eq(knowledgeChunk.collection, collection),
        sql`not exists (
          select from ${knowledgeVector} made where made.workspace_id = ${workspaceId} and made.document = ${document}
            and made.number = ${number} and made.model = ${model} and made.dimensions = ${dimensions})`,
      ),
    )
    .orderBy(document, number)
    .limit(limit)
}

/**
 * Stores what the model made of passages, and goes on holding the collection. Passages that are gone meanwhile are left out.
 * Gives false, and stores nothing, when the collection has another model by now.
 */
export async function storeVectors(
  db: Database,
  { workspaceId, collection, model, dimensions }: EmbeddingClaim,
  made: readonly { document: string; number: number; vector: readonly number[] }[],
  leaseMs: number,
): Promise<boolean> {
  const { rows } = await db.pool.query<{ held: boolean }>(
    `with held as (
       update knowledge_embedding
       set lease_until = now() + $8 * interval '1 millisecond', failures = 0, problem = null, problem_code = null
       where workspace_id = $1 and collection = $2 and model = $3 and dimensions = $4
       returning true
     ), stored as (
       insert into knowledge_vector (workspace_id, document, number, collection, model, dimensions, vector)
       select $1, chunk.document, chunk.number, $2, $3, $4, given.vector::real[]
       from unnest($5::uuid[], $6::int[], $7::text[]) as given (document, number, vector)
       join knowledge_chunk chunk on chunk.workspace_id = $1 and chunk.collection = $2
         and chunk.document = given.document and chunk.number = given.number
       where exists (select from held)
       for key share of chunk
       on conflict (workspace_id, document, number)
       do update set model = excluded.model, dimensions = excluded.dimensions, vector = excluded.vector
     )
     select exists (select from held) as held`,
    [
      ...[workspaceId, collection, model, dimensions],
      made.map((each) => each.document),
      made.map((each) => each.number),
      made.map((each) => `{${each.vector.join(',')}}`),
      leaseMs,
    ],
  )
  return rows[0]?.held === true
}

/** All is done, unless something came since it was claimed. Lets go of it in any case. */
export async function finishEmbedding(
  db: Database,
  { workspaceId, collection, revision }: EmbeddingClaim,
): Promise<void> {
  await db.pool.query(
    `update knowledge_embedding set lease_until = null,
       due_at = case when revision = $3 then null else due_at end,
       failures = case when revision = $3 then 0 else failures end,
       problem = case when revision = $3 then null else problem end,
       problem_code = case when revision = $3 then null else problem_code end
     where workspace_id = $1 and collection = $2`,
    [workspaceId, collection, revision],
  )
}

/** It stays this process's for as long from now; 0 lets somebody else go on at once. */
export async function holdEmbedding(
  db: Database,
  { workspaceId, collection }: EmbeddingClaim,
  leaseMs: number,
): Promise<void> {
  await db.pool.query(
    `update knowledge_embedding set lease_until = now() + $3 * interval '1 millisecond'
     where workspace_id = $1 and collection = $2`,
    [workspaceId, collection, leaseMs],
  )
}

/** It did not go. Tried again after `retryMs`; null gives it up until somebody asks for it, unless something came since. */
export async function failEmbedding(
  db: Database,
  { workspaceId, collection, revision }: EmbeddingClaim,
  { code, message, retryMs }: { code: string; message: string; retryMs: number | null },
): Promise<void> {
  await db.pool.query(
    `update knowledge_embedding set lease_until = null,
       failures = case when revision = $3 then failures + 1 else failures end,
       problem_code = case when revision = $3 then $4 else problem_code end,
       problem = case when revision = $3 then $5 else problem end,
       due_at = case when revision <> $3 then due_at
                     when $6::float8 is null then null
                     else now() + $6 * interval '1 millisecond' end
     where workspace_id = $1 and collection = $2`,
    [workspaceId, collection, revision, code, message, retryMs],
  )
}
