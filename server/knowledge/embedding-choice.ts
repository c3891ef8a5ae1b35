import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import { dropEmbedding, readEmbedding, setEmbedding, wakeEmbedding } from '@/db/embeddings'
import { listModelPrices } from '@/db/models'
import { uuidAt } from '@/db/uuid'
import { makeVectorExtension, readVectorSupport, type VectorSupport } from '@/db/vectors'
import { StepError } from '@/flow/kind'
import type { Caller } from '../auth/caller'
import { listEmbeddingModels } from '../models/model-list'
import { priceOf, type Price } from '../models/prices'
import { RequestError } from '../request-error'
import { collectionOf, type KnowledgeApp } from './collections'
import { countCall } from './count-call'

export const embeddingChoiceSchema = z.strictObject({
  /** Null: none. */
  model: z
    .string()
    .trim()
    .max(300)
    .regex(/^[^/\s]+\/\S+$/, 'Write a model as provider/name.')
    .nullable(),
})

/** How far the passages of a collection are embedded. */
export interface EmbeddingView {
  /** Null: none, full text alone. */
  model: string | null
  /**
   * `off` without a model; `working` while passages wait for it; `waiting` for the next try after a failure; `failed` when
   * it was given up; `ready` when all have their vectors.
   */
  state: 'off' | 'working' | 'waiting' | 'failed' | 'ready'
  embedded: number
  passages: number
  /** What went wrong last. */
  problem: { code: string; message: string } | null
  /** Of the next try after a failure. */
  retryAt: string | null
  /** Whether vectors can be searched here: whether this PostgreSQL has pgvector. */
  support: 'ready' | 'missing'
}

/** Throws NotFoundError. */
export async function readEmbeddingChoice(
  app: KnowledgeApp,
  caller: Caller,
  collection: string,
): Promise<EmbeddingView> {
  await collectionOf(app, caller, collection)
  const [row, found] = await Promise.all([
    readEmbedding(app.db, caller.workspaceId, collection),
    readVectorSupport(app.db),
  ])
  const support = supportView(found)
  if (!row) {
    return { model: null, state: 'off', embedded: 0, passages: 0, problem: null, retryAt: null, support }
  }
  const { model, embedded, passages, problem, problemCode, dueAt } = row
  const isWhole = embedded >= passages
  const state = isWhole ? 'ready' : dueAt === null ? 'failed' : problem === null ? 'working' : 'waiting'
  return {
    ...{ model, state, embedded, passages, support },
    problem: isWhole || problem === null ? null : { code: problemCode ?? 'unknown', message: problem },
    retryAt: state === 'waiting' ? (dueAt?.toISOString() ?? null) : null,
  }
}

const supportView = (support: VectorSupport): EmbeddingView['support'] =>
  support === 'missing' ? 'missing' : 'ready'

const trialMs = 30_000

/**
 * Gives the passages of a collection to another model from now on, once it has answered a trial; null: to none. Throws
 * NotFoundError, and RequestError 422 `pgvector_missing`, or by the code of what the model answered.
 */
export async function chooseEmbedding(
  app: KnowledgeApp,
  caller: Caller,
  collection: string,
  { model }: z.output<typeof embeddingChoiceSchema>,
): Promise<void> {
  const { db, embeddings } = app
  const { workspaceId, user } = caller
  await collectionOf(app, caller, collection)
  if (model === null) await dropEmbedding(db, workspaceId, collection)
  else {
    await needVectors(app)
    const dimensions = await tryModel(app, workspaceId, collection, model)
    await setEmbedding(db, workspaceId, collection, { model, dimensions }, user.id)
    embeddings.look()
  }
  const subject = `${collection}: ${model ?? 'none'}`
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'collection.embedding_chosen', subject })
}

async function needVectors({ db }: KnowledgeApp): Promise<void> {
  const support = await readVectorSupport(db)
  if (support === 'ready') return
  if (support === 'missing') {
    throw new RequestError(
      422,
      'pgvector_missing',
      'This PostgreSQL has no pgvector extension: full text is used.',
    )
  }
  if (await makeVectorExtension(db)) return
  throw new RequestError(
    422,
    'pgvector_refused',
    'PostgreSQL does not let Millrace make the pgvector extension: have its administrator run "create extension vector" in this database.',
  )
}

/** Gives how many numbers the model's vectors have. */
async function tryModel(
  { db, services }: KnowledgeApp,
  workspaceId: string,
  collection: string,
  model: string,
): Promise<number> {
  try {
    const embedder = await services.models.embedder(workspaceId, model)
    const signal = AbortSignal.timeout(trialMs)
    const asked = embedder.embed(['Are you there?'], { as: 'passage', signal })
    const { vectors } = await countCall(
      db,
      workspaceId,
      { pass: uuidAt(Date.now()), number: 1, collection },
      asked,
    )
    return vectors[0]?.length ?? 0
  } catch (error) {
    if (error instanceof StepError) throw new RequestError(422, error.code, error.message)
    throw error
  }
}

/** Tries again at once what failed. Throws NotFoundError, and RequestError 422 `no_embeddings`. */
export async function retryEmbedding(app: KnowledgeApp, caller: Caller, collection: string): Promise<void> {
  await collectionOf(app, caller, collection)
  if (!(await wakeEmbedding(app.db.drizzle, caller.workspaceId, collection))) {
    throw new RequestError(422, 'no_embeddings', 'This collection has no embeddings: choose a model first.')
  }
  app.embeddings.look()
}

export interface EmbeddingModels {
  support: EmbeddingView['support']
  models: { name: string; price: Price | null }[]
  /** Providers that did not tell what they offer. */
  problems: { provider: string; message: string }[]
}

/** The models for embeddings that the workspace's providers offer; others can be named, too. */
export async function readEmbeddingModels(
  { db, services }: KnowledgeApp,
  { workspaceId }: Caller,
): Promise<EmbeddingModels> {
  const [support, providers, prices] = await Promise.all([
    readVectorSupport(db),
    services.models.providers(workspaceId),
    listModelPrices(db, workspaceId),
  ])
  const problems: EmbeddingModels['problems'] = []
  const offered = await Promise.all(
    providers.map(async (provider) => {
      if (provider.kind === 'anthropic') return []
      const ids = await listEmbeddingModels(provider).catch((error: unknown) => {
        if (!(error instanceof StepError)) throw error
        problems.push({ provider: provider.name, message: error.message })
        return []
      })
      return ids.map((id) => {
        const name = `${provider.name}/${id}`
        return { name, price: priceOf(prices, { name, kind: provider.kind, id }) }
      })
    }),
  )
  return { support: supportView(support), models: offered.flat(), problems }
}
