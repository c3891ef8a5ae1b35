import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant
let bob: Tenant
beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  bob = await server.addTenant('bob')
})
afterAll(() => server.close())

const send = (body: unknown, tenant = ada) => server.call(tenant, '/api/v1/events', { body })
const delivered = async (body: object, tenant = ada) => (await (await send(body, tenant)).json()).delivered
const call = async (path: string, body?: object) =>
  (await server.call(ada, `/api/v1/${path}`, { body })).json()

test('an event goes to the step that waits for its name and key, and the run goes on with its data', async () => {
  const waiting = flowOf('shipping', [
    { id: 'begin', kind: 'start' },
    { id: 'paid', kind: 'wait_for_event', config: { name: 'order.paid', key: '${trigger.order}' } },
  ])
  await server.addFlow(ada, waiting, 'publish')
  const { id } = await call('flows/shipping/runs', { input: { order: 'o1' } })
  await expect.poll(async () => (await call(`runs/${id}`)).status).toBe('waiting')
  expect(await delivered({ name: 'order.paid', key: 'o2', data: 1 })).toBe(0)
  expect(await delivered({ name: 'order.paid', key: 'o1', data: 1 }, bob)).toBe(0)
  expect(await delivered({ name: 'order.paid', key: 'o1', data: { by: 'card' } })).toBe(1)
  await expect.poll(() => call(`runs/${id}`)).toMatchObject({ status: 'completed', output: { by: 'card' } })
})

test('an event starts the published flows that begin with it, once for each dedupe key', async () => {
  const config = { name: 'order.created', filter: 'trigger.data.total > 100' }
  const welcome = flowOf('welcome', [
    { id: 'created', kind: 'event', config },
    { id: 'said', kind: 'transform', config: { expression: '{"order": trigger.key}' } },
  ])
  await server.addFlow(ada, welcome, 'publish')
  const large = { name: 'order.created', key: 'o7', data: { total: 250 }, dedupeKey: 'm1' }
  expect(await delivered({ ...large, data: { total: 50 }, dedupeKey: 'm0' })).toBe(0)
  expect(await delivered(large)).toBe(1)
  expect(await delivered(large)).toBe(1)
  await expect
    .poll(async () => (await call('runs?flow=welcome')).items)
    .toMatchObject([{ cause: 'event', status: 'completed' }])
})

test.each([{}, { name: '' }, { name: 'x', key: 7 }, { name: 'x', dedupeKey: '' }, { name: 'x', other: 1 }])(
  '%o is no event',
  async (body) => {
    const refused = await send(body)
    expect([refused.status, (await refused.json()).error.code]).toEqual([400, 'malformed'])
  },
)

test('nobody sends one without signing in, and the reference names it', async () => {
  expect((await server.fetch('/api/v1/events', { method: 'POST', body: '{"name":"x"}' })).status).toBe(401)
  const { paths } = await (await server.fetch('/api/v1/openapi.json')).json()
  const schema = paths['/api/v1/events'].post.requestBody.content['application/json'].schema
  expect(Object.keys(schema.properties)).toEqual(['name', 'key', 'data', 'dedupeKey'])
})
