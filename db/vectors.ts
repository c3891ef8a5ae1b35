import pg from 'pg'
import type { Database } from './client'
import type { FoundPassage } from './knowledge-search'

/** Whether this PostgreSQL can compare vectors: `available` when the extension only needs to be made in this database. */
export type VectorSupport = 'ready' | 'available' | 'missing'

export async function readVectorSupport(db: Database): Promise<VectorSupport> {
  const { rows } = await db.pool.query<{ support: VectorSupport }>(
    `select case when exists (select from pg_extension where extname = 'vector') then 'ready'
       when exists (select from pg_available_extensions where name = 'vector') then 'available'
       else 'missing' end as support`,
  )
  return rows[0]?.support ?? 'missing'
}

/** Makes the extension in this database. Gives false when PostgreSQL does not have it or the role may not. */
export async function makeVectorExtension(db: Database): Promise<boolean> {
  try {
    await db.pool.query('create extension if not exists vector')
    return true
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    // Two processes that make it at once: one of them is told of a duplicate.
    if ((await readVectorSupport(db)) === 'ready') return true
    const isRefusal = ['42501', '0A000', '58P01'].includes(error.code ?? '')
    if (isRefusal) return false
    throw error
  }
}

/** How a collection is searched by vectors. */
export interface VectorPlan {
  model: string
  dimensions: number
  /** Passages have vectors of that model. */
  hasVectors: boolean
  /** Where the extension is; null when this database has none. */
  schema: string | null
  problem: string | null
}

/** Null: the collection has no embeddings. */
export async function readVectorPlan(
  db: Database,
  workspaceId: string,
  collection: string,
): Promise<VectorPlan | null> {
  const { rows } = await db.pool.query<VectorPlan>(
    `select model, dimensions, problem,
       exists (
         select from knowledge_vector made
         where made.workspace_id = $1 and made.collection = $2 and made.model = setting.model
           and made.dimensions = setting.dimensions
       ) as "hasVectors",
       (select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'vector')
         as schema
     from knowledge_embedding setting where workspace_id = $1 and collection = $2`,
    [workspaceId, collection],
  )
  return rows[0] ?? null
}

/**
 * The passages whose vectors point most as the given one does, nearest first; `score` is the cosine between them. Exact: every
 * vector of the collection is compared, so none is missed, however few of a database are this collection's. Those at a
 * right angle or beyond have nothing to do with the question, and are left out.
 */
export async function searchVectors(
  db: Database,
  workspaceId: string,
  {
    collection,
    model,
    vector,
    schema,
    limit,
  }: { collection: string; model: string; vector: readonly number[]; schema: string; limit: number },
): Promise<FoundPassage[]> {
  const type = `${pg.escapeIdentifier(schema)}.vector`
  const distance = `operator(${pg.escapeIdentifier(schema)}.<=>)`
  const { rows } = await db.pool.query<FoundPassage>(
    `select near.document, document.name, near.number, chunk.place, chunk.text, 1 - near.distance as score
     from (
       select made.document, made.number, made.vector::${type} ${distance} $4::text::${type} as distance
       from knowledge_vector made
       where made.workspace_id = $1 and made.collection = $2 and made.model = $3 and made.dimensions = $5
       order by distance, made.document, made.number
       limit $6
     ) near
     join knowledge_chunk chunk
       on chunk.workspace_id = $1 and chunk.document = near.document and chunk.number = near.number
     join knowledge_document document on document.workspace_id = $1 and document.id = near.document
     -- Not a number is what a vector of zeros gives: it is greater than all others.
     where near.distance < 1
     order by near.distance, document.name, near.number`,
    [workspaceId, collection, model, `[${vector.join(',')}]`, vector.length, limit],
  )
  return rows
}
