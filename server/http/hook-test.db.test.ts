import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoing } from '../testing/flows'
import { hooksOf } from '../testing/hooks'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'
import { listenForTest } from '../flows/test-address'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const { send, json, runOf } = hooksOf(() => ({ server, tenant: ada }))

const listen = async (flow: string, tenant = ada) => {
  const response = await server.call(tenant, `/api/v1/flows/${flow}/webhooks/hook/listen`, { method: 'POST' })
  if (response.status !== 200) return response.status
  const { path } = await response.json()
  return String(path).slice('/hooks/'.length)
}
const pathOf = async (flow: string) => String(await listen(flow))

test('a draft is tried at an address of its own, as it is at that moment', async () => {
  await server.addFlow(ada, echoing('tried', 'tried', { dedupeKey: '${trigger.body.id}' }))
  const path = await pathOf('tried')
  const first = await send(path, json({ id: 1 }))
  expect(first.status).toBe(201)
  expect(await first.json()).toMatchObject({ got: { id: 1 } })
  const second = await send(path, json({ id: 1 }))
  expect(second.headers.get('millrace-run')).not.toBe(first.headers.get('millrace-run'))
  expect(await runOf(second)).toMatchObject({ version: null, cause: 'webhook', input: { path: 'tried' } })
  expect((await send('tried', json({}))).status).toBe(404)
  expect((await send(path, { method: 'GET' })).status).toBe(405)
})

test('who may call is asked there too', async () => {
  const auth = { type: 'bearer', token: 't0k3n' }
  await server.addFlow(ada, echoing('tried_auth', 'tried/auth', { auth }))
  const path = await pathOf('tried_auth')
  expect((await send(path, json({}))).status).toBe(401)
  expect((await send(path, json({}, { authorization: 'Bearer t0k3n' }))).status).toBe(201)
})

test('the address works until it is over, or the webhook is gone', async () => {
  await server.addFlow(ada, echoing('tried_once', 'tried/once'))
  const addressOf = async (node: string, agoMs: number) => {
    const of = { flow: 'tried_once', node }
    const { path } = await listenForTest(server.app, ada, of, Date.now() - agoMs)
    return path.slice('/hooks/'.length)
  }
  const old = await addressOf('hook', 11 * 60_000)
  const gone = await addressOf('reply', 0)
  expect((await (await send(old, json({}))).json()).error.code).toBe('test_over')
  expect((await (await send(gone, json({}))).json()).error.code).toBe('invalid_hook')
  for (const made of ['test/', 'test/abc', `${await pathOf('tried_once')}x`, 'test/../tried']) {
    expect((await send(made, json({}))).status).toBe(404)
  }
})

test('only people of its workspace are given one', async () => {
  await server.addFlow(ada, echoing('own', 'own'))
  const eve = await server.addTenant('eve')
  expect(await listen('own', eve)).toBe(404)
})
