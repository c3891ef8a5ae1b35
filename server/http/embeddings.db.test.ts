import { afterAll, beforeAll, expect, test } from 'vitest'
import { setEmbedding } from '@/db/embeddings'
import type { FlowDocumentInput } from '@/flow/document'
import { startOpenAIServer, type OpenAIServer } from '../models/testing/openai-server'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

// The built-in PostgreSQL has no pgvector: knowledge must work there as it does without embeddings.

let models: OpenAIServer
let app: TestApp
let ada: Tenant

beforeAll(async () => {
  models = await startOpenAIServer()
  app = await testApp({ OPENAI_BASE_URL: models.url })
  ada = await app.addTenant('ada')
  await app.call(ada, '/api/v1/knowledge', { body: { id: 'shop', name: 'Shop' } })
  await app.fetch('/api/v1/knowledge/shop/documents?name=rules.txt', {
    method: 'POST',
    headers: { ...ada.headers, 'content-type': 'text/plain' },
    body: 'Bikes may be returned within 30 days.',
  })
})
afterAll(async () => {
  await app.close()
  await models.close()
})

const call = (path: string, init?: Parameters<TestApp['call']>[2]) =>
  app.call(ada, `/api/v1/knowledge${path}`, init)

test('without pgvector no model can be chosen, and it is said why', async () => {
  expect(await (await call('/shop/embeddings')).json()).toMatchObject({
    ...{ model: null, state: 'off', support: 'missing' },
  })
  const refused = await call('/shop/embeddings', { method: 'PUT', body: { model: 'openai/first-model' } })
  expect(refused.status).toBe(422)
  expect((await refused.json()).error).toMatchObject({
    code: 'pgvector_missing',
    message: 'This PostgreSQL has no pgvector extension: full text is used.',
  })
  expect(models.embeddingRequests).toEqual([])
  expect((await call('/shop/embeddings', { method: 'PUT', body: { model: null } })).status).toBe(204)
  expect((await call('/shop/embeddings', { method: 'PUT', body: { model: 'no name' } })).status).toBe(400)
  expect((await call('/shop/embeddings/retry', { method: 'POST' })).status).toBe(422)
  const offered = await (await call('/embedding-models')).json()
  expect(offered).toMatchObject({ support: 'missing', models: [{ name: 'openai/first-model' }, {}] })
})

test('a database that has lost pgvector is searched by words, and the run says so', async () => {
  const chosen = { model: 'openai/first-model', dimensions: 3 }
  await setEmbedding(app.app.db, ada.workspaceId, 'shop', chosen, null)
  app.app.embeddings.look()
  await expect
    .poll(async () => (await call('/shop/embeddings')).json())
    .toMatchObject({ state: 'ready', embedded: 1, support: 'missing' })
  const note = 'Searched by words alone: this PostgreSQL has no pgvector extension.'
  const found = await (await call('/shop/search?query=bike')).json()
  expect(found).toMatchObject({ items: [{ source: 'rules.txt' }], note })
  await app.addFlow(ada, looking, 'publish')
  const run = await app.call(ada, '/api/v1/flows/look/runs', { body: { input: { q: 'bike' }, wait: 10 } })
  expect(await run.json()).toMatchObject({
    status: 'completed',
    output: { passages: [{ source: 'rules.txt' }], note },
  })
})

const looking: FlowDocumentInput = {
  ...{ millrace: 1, id: 'look', name: 'Look' },
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'look', kind: 'knowledge', config: { collection: 'shop', query: '${input.q}' } },
  ],
  edges: [{ from: 'start', to: 'look' }],
}
