import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FlowDocumentInput } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { startOpenAIServer, type OpenAIServer } from '../models/testing/openai-server'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let models: OpenAIServer
let server: TestApp
let ada: Tenant
let eve: Tenant

beforeAll(async () => {
  models = await startOpenAIServer()
  server = await testApp({ MILLRACE_HTTP_ALLOW: '127.0.0.1' })
  ada = await server.addTenant('ada')
  eve = await server.addTenant('eve')
})
afterAll(async () => {
  await server.close()
  await models.close()
})
beforeEach(() => models.reply({ say: 'Hello' }))

const put = (tenant: Tenant, path: string, body: unknown) =>
  server.call(tenant, `/api/v1${path}`, { method: 'PUT', body })
const read = async (tenant: Tenant, path: string) => (await server.call(tenant, `/api/v1${path}`)).json()
const shop = (tenant: Tenant, key = 'sk-very-secret') =>
  put(tenant, '/models/providers/shop', { kind: 'compatible', baseUrl: `${models.url}/`, key })

const asking = (id: string, model?: string, config: JsonObject = {}): FlowDocumentInput => ({
  millrace: 1,
  id,
  name: id,
  nodes: [
    { id: 'begin', kind: 'start', position: { x: 0, y: 0 } },
    {
      id: 'think',
      kind: 'agent',
      config: { instructions: 'Be brief.', prompt: 'Hi', ...(model ? { model } : {}), ...config },
      retry: { maxAttempts: 1 },
      position: { x: 200, y: 0 },
    },
  ],
  edges: [{ from: 'begin', to: 'think' }],
})

async function run(tenant: Tenant, flow: string) {
  const response = await server.call(tenant, `/api/v1/flows/${flow}/runs`, {
    body: { version: 'draft', wait: 20 },
  })
  return response.json()
}

describe('providers of a workspace', () => {
  test('are stored with a key that never comes back', async () => {
    expect((await shop(ada)).status).toBe(204)
    const text = await (await server.call(ada, '/api/v1/models/providers')).text()
    expect(text).not.toContain('sk-very-secret')
    expect(JSON.parse(text).items).toEqual([
      {
        name: 'shop',
        kind: 'compatible',
        baseUrl: models.url,
        hasKey: true,
        hasLostKey: false,
        source: 'workspace',
      },
    ])
    const rows = await server.app.db.pool.query('select sealed_key from model_provider')
    expect(JSON.stringify(rows.rows)).not.toContain('sk-very-secret')
  })

  test('offer their models to steps, the first as the default', async () => {
    await shop(ada)
    expect(await read(ada, '/models')).toEqual({
      chosen: null,
      default: 'shop/first-model',
      models: [
        { name: 'offline', price: { input: 0, output: 0 }, context: null },
        { name: 'shop/first-model', price: null, context: null },
        { name: 'shop/second-model', price: null, context: null },
      ],
      problems: [],
    })
  })

  test('are of no other workspace', async () => {
    await shop(ada)
    expect((await read(eve, '/models/providers')).items).toEqual([])
    expect((await read(eve, '/models')).default).toBe('offline')
    await server.addFlow(eve, asking('borrowed', 'shop/first-model'))
    expect((await run(eve, 'borrowed')).error.code).toBe('model_unknown')
  })

  test('are asked for one answer by a test', async () => {
    await shop(ada)
    models.reply({ say: 'ready' })
    const trial = await server.call(ada, '/api/v1/models/providers/shop/test', { method: 'POST' })
    expect(await trial.json()).toMatchObject({ ok: true, model: 'shop/first-model', answer: 'ready' })
    expect(models.requests.at(-1)?.authorization).toBe('Bearer sk-very-secret')
    models.reply({ status: 401, message: 'Wrong key: sk-very-secret' })
    const refused = await server.call(ada, '/api/v1/models/providers/shop/test', { method: 'POST' })
    const text = await refused.text()
    expect(JSON.parse(text)).toMatchObject({ ok: false, code: 'model_auth' })
    expect(text).not.toContain('sk-very-secret')
  })

  test('keep their key when it is left out, but never send it elsewhere', async () => {
    await shop(ada)
    const same = await put(ada, '/models/providers/shop', { kind: 'compatible', baseUrl: models.url })
    expect(same.status).toBe(204)
    expect((await read(ada, '/models/providers')).items[0]).toMatchObject({ hasKey: true })
    const moved = await put(ada, '/models/providers/shop', {
      kind: 'compatible',
      baseUrl: 'https://evil.example/v1',
    })
    expect([moved.status, (await moved.json()).error.code]).toEqual([422, 'key_needed'])
  })

  test('at a private address are not reached unless it is allowed', async () => {
    await put(ada, '/models/providers/inside', { kind: 'compatible', baseUrl: 'http://10.0.0.1/v1' })
    const trial = await server.call(ada, '/api/v1/models/providers/inside/test', { method: 'POST' })
    const { ok, code, message } = await trial.json()
    expect([ok, code]).toEqual([false, 'http_address_refused'])
    expect(message).toContain('MILLRACE_HTTP_ALLOW')
    const { problems } = await read(ada, '/models')
    expect(problems).toEqual([{ provider: 'inside', message }])
    await server.call(ada, '/api/v1/models/providers/inside', { method: 'DELETE' })
  })

  test.each([
    ['offline', { kind: 'compatible', baseUrl: 'https://x.example/v1' }, 400],
    ['Big', { kind: 'compatible', baseUrl: 'https://x.example/v1' }, 400],
    ['x', { kind: 'compatible', baseUrl: 'ftp://x.example/v1' }, 400],
    ['x', { kind: 'compatible', baseUrl: 'https://a:b@x.example/v1' }, 400],
    ['x', { kind: 'compatible', baseUrl: 'my-server' }, 400],
    ['x', { kind: 'compatible' }, 422],
    ['x', { kind: 'openai' }, 422],
    ['x', { kind: 'mystery', key: 'k' }, 400],
  ])('%s as %j is refused', async (name, body, status) => {
    expect((await put(ada, `/models/providers/${name}`, body)).status).toBe(status)
  })

  test('can be chosen from as the default, if they are there', async () => {
    await shop(ada)
    expect((await put(ada, '/models/default', { model: 'nobody/x' })).status).toBe(422)
    expect((await put(ada, '/models/default', { model: 'shop/second-model' })).status).toBe(204)
    await server.addFlow(ada, asking('by_default'))
    await run(ada, 'by_default')
    expect(models.requests.at(-1)?.body.model).toBe('second-model')
    expect((await put(ada, '/models/default', { model: null })).status).toBe(204)
  })

  test('are no default any more once they are removed', async () => {
    await shop(ada)
    await put(ada, '/models/default', { model: 'shop/second-model' })
    await server.call(ada, '/api/v1/models/providers/shop', { method: 'DELETE' })
    expect(await read(ada, '/models')).toMatchObject({ chosen: null, default: 'offline' })
  })
})

describe('usage', () => {
  test('is counted by day, model, flow, step and run, with what it cost', async () => {
    await shop(ada)
    await put(ada, '/models/prices', { model: 'shop/*', input: 2, output: 10 })
    await server.addFlow(ada, asking('counted', 'shop/first-model'))
    const first = await run(ada, 'counted')
    await run(ada, 'counted')
    const cost = (11 * 2 + 7 * 10) / 1_000_000
    expect(first.usage).toEqual({
      calls: 1,
      inputTokens: 11,
      outputTokens: 7,
      totalTokens: 18,
      cost: expect.closeTo(cost, 9),
      unpriced: 0,
    })
    expect(first.steps[1].usage).toMatchObject({ model: 'shop/first-model', cost: expect.closeTo(cost, 9) })
    const sums = {
      calls: 2,
      inputTokens: 22,
      outputTokens: 14,
      cost: expect.closeTo(2 * cost, 9),
      unpriced: 0,
    }
    const today = new Date().toISOString().slice(0, 10)
    for (const [by, key] of [
      ['day', today],
      ['model', 'shop/first-model'],
      ['flow', 'counted'],
      ['step', 'counted/think'],
    ]) {
      const report = await read(ada, `/usage?by=${by}&flow=counted`)
      expect([by, report.total, report.items]).toEqual([by, sums, [{ key, ...sums }]])
    }
    const runs = await read(ada, '/usage?by=run&flow=counted')
    expect(runs.items.map((item: { calls: number }) => item.calls)).toEqual([1, 1])
    expect(runs.items.map((item: { key: string }) => item.key)).toContain(first.id)
  })

  test('keeps the cost of the moment when prices change later', async () => {
    await shop(ada)
    await put(ada, '/models/prices', { model: 'shop/*', input: 1, output: 1 })
    await server.addFlow(ada, asking('steady', 'shop/first-model'))
    await run(ada, 'steady')
    const before = (await read(ada, '/usage?flow=steady')).total.cost
    await put(ada, '/models/prices', { model: 'shop/*', input: 100, output: 100 })
    expect((await read(ada, '/usage?flow=steady')).total.cost).toBe(before)
  })

  test('of a run is that of all its attempts and of the flows that it called, the same everywhere', async () => {
    await shop(ada)
    await server.addFlow(ada, asking('asked_below', 'shop/first-model'), 'publish')
    const caller = asking('asks_twice', 'shop/first-model', {
      output: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
    })
    const below = { id: 'below', kind: 'call_flow', config: { flow: 'asked_below' } }
    await server.addFlow(ada, {
      ...caller,
      settings: { retry: { maxAttempts: 2, interval: 'PT0S' } },
      nodes: [
        ...caller.nodes!.map(({ retry: _, ...node }) => node),
        { ...below, position: { x: 400, y: 0 } },
      ],
      edges: [...caller.edges!, { from: 'think', to: 'below' }],
    })
    const says = ['no', 'no', '{"a":1}', 'Hello']
    models.reply(() => ({ say: says.shift() ?? '' }))
    const { id, status, usage } = await run(ada, 'asks_twice')
    // Each attempt asks for a repair of its own.
    expect([status, usage.calls, usage.inputTokens]).toEqual(['completed', 4, 44])
    const input = encodeURIComponent(JSON.stringify({ 0: { id } }))
    const [panel] = await read(ada, `/../trpc/usage.ofRun?batch=1&input=${input}`)
    expect(panel.result.data).toMatchObject({ calls: 4, inputTokens: 44, outputTokens: 28 })
    expect(panel.result.data.called).toMatchObject({ calls: 1, inputTokens: 11, outputTokens: 7 })
  })

  test('says of how many calls nobody knows the price', async () => {
    await shop(eve)
    await server.addFlow(eve, asking('unpriced', 'shop/second-model'))
    const { usage } = await run(eve, 'unpriced')
    expect(usage).toMatchObject({ calls: 1, cost: 0, unpriced: 1 })
  })

  test('of the offline model costs nothing', async () => {
    await server.addFlow(eve, asking('free', 'offline'))
    const { usage } = await run(eve, 'free')
    expect(usage).toMatchObject({ calls: 1, cost: 0, unpriced: 0 })
    expect(usage.totalTokens).toBeGreaterThan(0)
  })

  test('is counted when the answer breaks the shape', async () => {
    await shop(eve)
    const flow = asking('broken', 'shop/first-model', {
      output: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
    })
    await server.addFlow(eve, flow)
    const { status, usage, error } = await run(eve, 'broken')
    expect([status, error.code]).toEqual(['failed', 'model_output_invalid'])
    expect(usage.inputTokens).toBeGreaterThan(0)
  })

  test('of one workspace is not that of another', async () => {
    const stranger = await server.addTenant('stranger')
    expect(await read(stranger, '/usage')).toMatchObject({ total: { calls: 0, cost: 0 }, items: [] })
  })

  test.each(['by=weather', 'from=yesterday'])('?%s is malformed', async (query) => {
    expect((await server.call(ada, `/api/v1/usage?${query}`)).status).toBe(400)
  })
})

describe('prices', () => {
  test('are shipped, changed, and taken back', async () => {
    const named = async () => (await read(ada, '/models/prices')).items as { model: string; source: string }[]
    const mini = async () => (await named()).filter((price) => price.model === 'openai/gpt-4o-mini')
    expect(await mini()).toEqual([
      { model: 'openai/gpt-4o-mini', input: 0.15, output: 0.6, context: 128_000, source: 'shipped' },
    ])
    await put(ada, '/models/prices', { model: 'openai/gpt-4o-mini', input: 1.5, output: 0, context: 64_000 })
    expect(await mini()).toEqual([
      { model: 'openai/gpt-4o-mini', input: 1.5, output: 0, context: 64_000, source: 'workspace' },
    ])
    const back = await server.call(ada, '/api/v1/models/prices?model=openai/gpt-4o-mini', {
      method: 'DELETE',
    })
    expect(back.status).toBe(204)
    expect((await mini())[0]?.source).toBe('shipped')
    const again = await server.call(ada, '/api/v1/models/prices?model=openai/gpt-4o-mini', {
      method: 'DELETE',
    })
    expect(again.status).toBe(404)
  })

  test.each([
    { model: 'x', input: 1, output: 1 },
    { model: 'a/b', input: -1, output: 1 },
    { model: 'a/b', input: 1 },
    { model: 'a/b', input: 1, output: 1, context: 0.5 },
  ])('%j is refused', async (price) => {
    expect((await put(ada, '/models/prices', price)).status).toBe(400)
  })
})

describe('variables', () => {
  test('are stored, read and removed', async () => {
    await put(ada, '/variables/region', { value: { name: 'north' } })
    expect((await read(ada, '/variables')).items).toMatchObject([
      { name: 'region', value: { name: 'north' } },
    ])
    expect((await read(eve, '/variables')).items).toEqual([])
    const gone = () => server.call(ada, '/api/v1/variables/region', { method: 'DELETE' })
    expect((await gone()).status).toBe(204)
    expect((await gone()).status).toBe(404)
  })

  test('have names that expressions can say, and bounds', async () => {
    expect((await put(ada, '/variables/no-good', { value: 1 })).status).toBe(400)
    expect((await put(ada, '/variables/nothing', { value: null })).status).toBe(400)
    expect((await put(ada, '/variables/big', { value: 'x'.repeat(70_000) })).status).toBe(413)
  })
})
