import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pino } from 'pino'
import { setModelPrice } from '@/db/models'
import { sumUsageBy } from '@/db/model-calls'
import { createOwner } from '@/db/users'
import type { Caller } from '../auth/caller'
import { startOpenAIServer, type OpenAIServer } from '../models/testing/openai-server'
import { createSecrets } from '../secrets'
import { createServices } from '../services'
import {
  makeCollection,
  readDocuments,
  removeDocument,
  storeDocument,
  tryQuestion,
  type KnowledgeApp,
} from './collections'
import { createEmbeddings } from './embedder'
import { chooseEmbedding, readEmbeddingChoice, readEmbeddingModels, retryEmbedding } from './embedding-choice'
import { startPgvector } from './testing/pgvector'

/** What texts are about, in a number for each matter: words of the same matter mean alike, as real models find. */
const matters = [/\b(car|automobile|vehicle)/i, /\b(meal|lunch|food)/i, /\b(holiday|vacation|leave)/i]
const meaningOf = (text: string) => matters.map((matter) => (matter.test(text) ? 1 : 0))

let models: OpenAIServer
let app: KnowledgeApp
let ada: Caller
let close: () => Promise<void>

beforeAll(async () => {
  models = await startOpenAIServer()
  const { db, stop } = await startPgvector()
  const secrets = createSecrets(db, 'a secret of tests, long enough to be one')
  const env = { OPENAI_BASE_URL: models.url, OPENAI_API_KEY: 'sk-test' }
  const services = createServices({ env, stored: { db, secrets } })
  app = { db, services, embeddings: startEmbeddings({ db, services }) }
  ada = await callerOf('ada')
  close = async () => {
    await app.embeddings.stop()
    await services.close()
    await stop()
    await models.close()
  }
})
afterAll(() => close())
beforeEach(() => models.embedAs(meaningOf))

function startEmbeddings({ db, services }: Pick<KnowledgeApp, 'db' | 'services'>) {
  return createEmbeddings({ db, models: services.models, log: pino({ level: 'silent' }), role: 'all' })
}

async function callerOf(name: string): Promise<Caller> {
  const email = `${name}@example.com`
  const { userId, workspaceId } = await createOwner(app.db, {
    ...{ name, email, passwordHash: 'none', workspace: name },
  })
  return { user: { id: userId, name, email }, workspaceId, workspaceName: name, role: 'admin', by: 'key' }
}

const make = (id: string, caller = ada) =>
  makeCollection(app, caller, { id, name: id, description: '', language: 'english' })
const upload = (collection: string, name: string, text: string, caller = ada) =>
  storeDocument(app, caller, { collection, name, mediaType: 'text/plain', bytes: Buffer.from(text) })
const choose = (collection: string, model: string | null, caller = ada) =>
  chooseEmbedding(app, caller, collection, { model })
const { signal } = new AbortController()
const search = (collection: string, query: string, caller = ada) =>
  tryQuestion(app, caller, collection, { query, topK: 5, signal })
const sourcesOf = ({ passages }: { passages: { source: string }[] }) => passages.map(({ source }) => source)
const read = (collection: string, caller = ada) => readEmbeddingChoice(app, caller, collection)
const state = (collection: string, caller = ada) =>
  expect.poll(() => read(collection, caller), { timeout: 8_000, interval: 20 })

/** A collection with a document about cars, embedded by `openai/meaning`. */
async function embedded(id: string): Promise<void> {
  await make(id)
  await upload(id, 'cars.txt', 'Each car is parked behind the house.')
  await choose(id, 'openai/meaning')
  await state(id).toMatchObject({ state: 'ready', embedded: 1, passages: 1 })
}

test('a database role that may not make the extension is told who can', async () => {
  await make('modest')
  const { pool } = app.db
  await pool.query('create role modest; grant all on all tables in schema public to modest; set role modest')
  await expect(choose('modest', 'openai/meaning')).rejects.toMatchObject({
    ...{ status: 422, code: 'pgvector_refused' },
    message: expect.stringContaining('create extension vector'),
  })
  await pool.query('reset role')
  expect(await read('modest')).toMatchObject({ model: null, support: 'ready' })
})

describe('a collection with embeddings', () => {
  test('is made of the documents that are there when its model is chosen', async () => {
    await make('house')
    await upload('house', 'cars.txt', 'Each car is parked behind the house.')
    await upload('house', 'meals.txt', 'Lunch is served at noon.')
    await upload('house', 'leave.txt', 'A vacation is asked for in writing.')
    await choose('house', 'openai/meaning')
    await state('house').toEqual({
      ...{ model: 'openai/meaning', state: 'ready', embedded: 3, passages: 3 },
      ...{ problem: null, retryAt: null, support: 'ready' },
    })
  })

  test('is searched by meaning where no word is the same, with the same citations', async () => {
    const found = await search('house', 'Where do I leave my automobile?')
    expect(sourcesOf(found)).toEqual(['cars.txt', 'leave.txt'])
    expect(found.passages[0]?.text).toBe('Each car is parked behind the house.')
    expect(found.note).toBeUndefined()
  })

  test('ranks first what fits by words and by meaning; the score is the better of the two', async () => {
    const found = await search('house', 'a vehicle, or a vacation in writing')
    expect(found.passages).toMatchObject([
      // The most of its words; of the other only the matter, one of the two that are asked for.
      { source: 'leave.txt', score: expect.closeTo(0.8, 1) },
      { source: 'cars.txt', score: expect.closeTo(Math.SQRT1_2, 3) },
    ])
    expect(await search('house', 'lunch')).toEqual({
      passages: [{ text: 'Lunch is served at noon.', source: 'meals.txt', score: 1 }],
    })
  })

  test('still finds by words what means nothing to the model', async () => {
    expect(sourcesOf(await search('house', 'writing'))).toEqual(['leave.txt'])
    expect(await search('house', 'unicorn')).toEqual({ passages: [] })
  })

  test('embeds what is uploaded later, and forgets what is replaced or removed', async () => {
    await upload('house', 'more.txt', 'The vehicle of the boss is red.')
    await state('house').toMatchObject({ state: 'ready', embedded: 4 })
    expect(sourcesOf(await search('house', 'automobile'))).toEqual(['cars.txt', 'more.txt'])
    const { document } = await upload('house', 'more.txt', 'Food comes from the kitchen.')
    await state('house').toMatchObject({ state: 'ready', embedded: 4 })
    expect(sourcesOf(await search('house', 'automobile'))).toEqual(['cars.txt'])
    await removeDocument(app, ada, 'house', document.id)
    expect(await read('house')).toMatchObject({ state: 'ready', embedded: 3, passages: 3 })
    expect(await readDocuments(app, ada, 'house')).toHaveLength(3)
  })

  test('is another workspace’s own, though it has the same name and the same model', async () => {
    const eve = await callerOf('eve')
    await make('house', eve)
    await upload('house', 'eves.txt', 'My vehicle is green.', eve)
    await choose('house', 'openai/meaning', eve)
    await state('house', eve).toMatchObject({ state: 'ready', embedded: 1 })
    expect(sourcesOf(await search('house', 'automobile', eve))).toEqual(['eves.txt'])
    expect(sourcesOf(await search('house', 'automobile'))).toEqual(['cars.txt'])
  })

  test('is lent to steps with what the question took', async () => {
    const asked = { collection: 'house', query: 'automobile', topK: 3, signal }
    expect(await app.services(ada.workspaceId).knowledge(asked)).toMatchObject({
      passages: [{ source: 'cars.txt' }],
      usage: { inputTokens: 10, model: 'openai/meaning' },
    })
  })
})

test('a question that cannot be embedded is searched by words, and the answer says so', async () => {
  await embedded('away')
  models.embedAs({ status: 429, message: 'Slow down' })
  const found = await search('away', 'automobile or car')
  expect(sourcesOf(found)).toEqual(['cars.txt'])
  expect(found.note).toMatch(
    /^Searched by words alone: The provider of openai\/meaning takes no more requests/,
  )
  const asked = { collection: 'away', query: 'car', topK: 3, signal }
  expect(await app.services(ada.workspaceId).knowledge(asked)).toMatchObject({
    passages: [{ source: 'cars.txt' }],
    note: found.note,
  })
})

test('passages that cannot be embedded are found by words, and are embedded when it is tried again', async () => {
  await embedded('broken')
  models.embedAs({ status: 401, message: 'Wrong key sk-test' })
  await upload('broken', 'more.txt', 'A vehicle is no toy.')
  await state('broken').toMatchObject({
    ...{ state: 'failed', embedded: 1, passages: 2, retryAt: null },
    problem: { code: 'model_auth', message: expect.stringContaining('refuses the key') },
  })
  expect(JSON.stringify(await read('broken'))).not.toContain('sk-test')
  expect(sourcesOf(await search('broken', 'toy'))).toEqual(['more.txt'])
  models.embedAs(meaningOf)
  await retryEmbedding(app, ada, 'broken')
  await state('broken').toMatchObject({ state: 'ready', embedded: 2, problem: null })
})

test('a provider that is busy is asked again when it said, or at once when a person says so', async () => {
  await embedded('busy')
  models.embedAs({ status: 429, headers: { 'retry-after': '3600' } })
  await upload('busy', 'more.txt', 'A vehicle is no toy.')
  await state('busy').toMatchObject({ state: 'waiting', problem: { code: 'model_rate_limited' } })
  const { retryAt } = await read('busy')
  expect(Date.parse(retryAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  models.embedAs(meaningOf)
  await retryEmbedding(app, ada, 'busy')
  await state('busy').toMatchObject({ state: 'ready', embedded: 2 })
})

test('another model embeds all anew: vectors of different models are never compared', async () => {
  await embedded('changing')
  models.embedAs((text, model) => (model === 'longer' ? [0, ...meaningOf(text)] : meaningOf(text)))
  await choose('changing', 'openai/longer')
  await state('changing').toMatchObject({ model: 'openai/longer', state: 'ready', embedded: 1 })
  const { rows } = await app.db.pool.query(
    `select distinct model, dimensions, cardinality(vector) as length from knowledge_vector where collection = 'changing'`,
  )
  expect(rows).toEqual([{ model: 'openai/longer', dimensions: 4, length: 4 }])
  expect(sourcesOf(await search('changing', 'automobile'))).toEqual(['cars.txt'])
})

test('a model that answers otherwise than when it was chosen is found out, and can be chosen anew', async () => {
  await embedded('odd')
  models.embedAs((text) => [...meaningOf(text), 1])
  const found = await search('odd', 'car')
  expect(found.note).toContain('gives vectors of 4 numbers, and gave 3 when it was chosen')
  expect(sourcesOf(found)).toEqual(['cars.txt'])
  await upload('odd', 'more.txt', 'A vehicle is no toy.')
  await state('odd').toMatchObject({ state: 'failed', problem: { code: 'embedding_size_changed' } })
  await choose('odd', 'openai/meaning')
  await state('odd').toMatchObject({ state: 'ready', embedded: 2 })
})

test('without a model again there are no vectors, and words alone decide', async () => {
  await embedded('without')
  await choose('without', null)
  expect(await read('without')).toMatchObject({ model: null, state: 'off' })
  await expect(retryEmbedding(app, ada, 'without')).rejects.toMatchObject({ code: 'no_embeddings' })
  const { rowCount } = await app.db.pool.query(`select 1 from knowledge_vector where collection = 'without'`)
  expect(rowCount).toBe(0)
  expect(await search('without', 'automobile')).toEqual({ passages: [] })
})

test('a model that cannot be had, or refuses the trial, is not chosen', async () => {
  await make('choosy')
  const refusal = (model: string) => expect(choose('choosy', model)).rejects
  await refusal('anthropic/claude').toMatchObject({ status: 422, code: 'model_no_key' })
  await refusal('nobody/model').toMatchObject({ status: 422, code: 'model_unknown' })
  models.embedAs({ status: 404, message: 'no such model' })
  await refusal('openai/absent').toMatchObject({ status: 422, code: 'model_unknown' })
  expect(await read('choosy')).toMatchObject({ model: null, state: 'off' })
})

test('what was embedded is counted with its cost, in the name of the collection', async () => {
  const price = { model: 'openai/priced', input: 100, output: 0 }
  await setModelPrice(app.db, ada.workspaceId, price, null)
  app.services.models.forget(ada.workspaceId)
  await make('priced')
  await upload('priced', 'cars.txt', 'A car.')
  await choose('priced', 'openai/priced')
  await state('priced').toMatchObject({ state: 'ready' })
  await search('priced', 'vehicle')
  const today = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
  for (const by of ['flow', 'run'] as const) {
    expect(await sumUsageBy(app.db, ada.workspaceId, today, by, 100)).toContainEqual(
      expect.objectContaining({
        key: 'knowledge:priced',
        calls: 3,
        inputTokens: 30,
        cost: 0.003,
        unpriced: 0,
      }),
    )
  }
})

test('long documents are embedded in batches, and what one process has done another need not do', async () => {
  await make('long')
  const text = Array.from(
    { length: 40 },
    (_, index) => `Car ${index}. ${'It stands in the yard. '.repeat(45)}`,
  )
  await upload('long', 'long.txt', text.join('\n\n'))
  await app.embeddings.stop()
  await choose('long', 'openai/meaning')
  const before = models.embeddingRequests.length
  models.embedAs(meaningOf, { silent: true })
  const first = startEmbeddings(app)
  first.look()
  await expect.poll(() => models.embeddingRequests.length).toBe(before + 2)
  await first.stop()
  expect(await read('long')).toMatchObject({ state: 'working', embedded: 32, problem: null })
  models.embedAs(meaningOf)
  const second = startEmbeddings(app)
  second.look()
  await state('long').toMatchObject({ state: 'ready' })
  await second.stop()
  const asked = models.embeddingRequests.slice(before).map(({ body }) => body.input.length)
  const { passages } = await read('long')
  expect(asked).toEqual([32, passages - 32, passages - 32])
})

test('the extension may be in any schema', async () => {
  await app.db.pool.query('create schema "Extra things"; alter extension vector set schema "Extra things"')
  expect(sourcesOf(await search('house', 'automobile'))).toEqual(['cars.txt'])
})

test('the models for embeddings are listed with their prices', async () => {
  expect(await readEmbeddingModels(app, ada)).toEqual({
    support: 'ready',
    models: [
      { name: 'openai/first-model', price: null },
      { name: 'openai/second-model', price: null },
    ],
    problems: [],
  })
})
