import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  claimEmbedding,
  failEmbedding,
  finishEmbedding,
  holdEmbedding,
  listUnembedded,
  readEmbedding,
  setEmbedding,
  storeVectors,
  wakeEmbedding,
  type EmbeddingClaim,
} from './embeddings'
import { addCollection, deleteCollection } from './knowledge'
import { putDocument } from './knowledge-search'
import { testDatabase, type TestDatabase } from './testing/database'
import { uuidAt } from './uuid'

const minuteMs = 60_000
const meaning = { model: 'openai/meaning', dimensions: 2 }
let t: TestDatabase

beforeAll(async () => {
  t = await testDatabase()
})
afterAll(() => t.drop())
beforeEach(async () => {
  await deleteCollection(t.db, t.workspaceId, 'shop')
  const collection = { id: 'shop', name: 'Shop', description: '', language: 'english' }
  await addCollection(t.db, t.workspaceId, collection, null)
  await put('one.txt', ['first', 'second'])
  await setEmbedding(t.db, t.workspaceId, 'shop', meaning, null)
})

async function put(name: string, texts: string[]): Promise<void> {
  const chunks = texts.map((text) => ({ place: null, text, words: text }))
  const counts = { bytes: 1, characters: 1, hash: 'none', mediaType: 'text/plain' }
  const document = { id: uuidAt(Date.now()), collection: 'shop', name, ...counts }
  await putDocument(t.db, t.workspaceId, document, chunks, 'english', null)
}

async function claim(leaseMs = minuteMs): Promise<EmbeddingClaim> {
  const claimed = await claimEmbedding(t.db, leaseMs)
  if (!claimed) throw new Error('Nothing was due.')
  return claimed
}

const open = (claimed: EmbeddingClaim) => listUnembedded(t.db, t.workspaceId, claimed, 10)
const read = () => readEmbedding(t.db, t.workspaceId, 'shop')
async function storeAll(claimed: EmbeddingClaim): Promise<boolean> {
  const made = (await open(claimed)).map((passage) => ({ ...passage, vector: [1, 0.5] }))
  return storeVectors(t.db, claimed, made, minuteMs)
}

test('one process at a time works on a collection, until its lease ends or it lets go', async () => {
  const claimed = await claim()
  expect(await claimEmbedding(t.db, minuteMs)).toBeNull()
  await holdEmbedding(t.db, claimed, minuteMs)
  expect(await claimEmbedding(t.db, minuteMs)).toBeNull()
  await holdEmbedding(t.db, claimed, 0)
  expect(await claim(0)).toMatchObject({ collection: 'shop', ...meaning })
  expect(await claim()).toMatchObject({ collection: 'shop' })
})

test('what is stored is not open any more, and when all is it is done', async () => {
  const claimed = await claim()
  expect((await open(claimed)).map(({ text }) => text)).toEqual(['first', 'second'])
  expect(await storeAll(claimed)).toBe(true)
  expect(await open(claimed)).toEqual([])
  await finishEmbedding(t.db, claimed)
  expect(await read()).toMatchObject({ embedded: 2, passages: 2, dueAt: null })
  expect(await claimEmbedding(t.db, minuteMs)).toBeNull()
})

test('a document that comes while it is being finished is not forgotten', async () => {
  const claimed = await claim()
  await storeAll(claimed)
  await put('two.txt', ['third'])
  await finishEmbedding(t.db, claimed)
  expect((await open(await claim())).map(({ text }) => text)).toEqual(['third'])
})

test('a failure waits, or is given up; what came meanwhile is tried at once', async () => {
  const failure = { code: 'model_unavailable', message: 'Away.' }
  await failEmbedding(t.db, await claim(), { ...failure, retryMs: minuteMs })
  expect(await read()).toMatchObject({ problemCode: 'model_unavailable', problem: 'Away.' })
  expect(await claimEmbedding(t.db, minuteMs)).toBeNull()
  await wakeEmbedding(t.db.drizzle, t.workspaceId, 'shop')
  await failEmbedding(t.db, await claim(), { ...failure, retryMs: null })
  expect(await read()).toMatchObject({ dueAt: null, problem: 'Away.' })
  await put('two.txt', ['third'])
  const claimed = await claim()
  await put('three.txt', ['fourth'])
  await failEmbedding(t.db, claimed, { ...failure, retryMs: null })
  expect((await claim()).failures).toBe(0)
})

test('a slow process cannot store vectors of a model that is not wanted any more', async () => {
  const claimed = await claim()
  const passages = await open(claimed)
  await setEmbedding(t.db, t.workspaceId, 'shop', { model: 'openai/other', dimensions: 2 }, null)
  const made = passages.map((passage) => ({ ...passage, vector: [1, 0.5] }))
  expect(await storeVectors(t.db, claimed, made, minuteMs)).toBe(false)
  expect(await read()).toMatchObject({ model: 'openai/other', embedded: 0 })
})

test('passages that were replaced while the model was at them are left out', async () => {
  const claimed = await claim()
  const made = (await open(claimed)).map((passage) => ({ ...passage, vector: [1, 0.5] }))
  await put('one.txt', ['new'])
  expect(await storeVectors(t.db, claimed, made, minuteMs)).toBe(true)
  expect(await read()).toMatchObject({ embedded: 0, passages: 1 })
})

test('another model, or the same with other vectors, begins anew; the same again keeps what there is', async () => {
  await storeAll(await claim())
  await setEmbedding(t.db, t.workspaceId, 'shop', meaning, null)
  expect(await read()).toMatchObject({ embedded: 2 })
  await setEmbedding(t.db, t.workspaceId, 'shop', { ...meaning, dimensions: 3 }, null)
  expect(await read()).toMatchObject({ embedded: 0 })
  const left = await t.db.pool.query('select 1 from knowledge_vector')
  expect(left.rowCount).toBe(0)
})
