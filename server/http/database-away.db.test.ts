import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { proxyTo, type Proxy } from '../runtime/testing/proxy'
import { doubling, echoing } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'
import { redirectOf } from './page-gate'

let server: TestApp
let ada: Tenant
let proxy: Proxy | null = null

beforeAll(async () => {
  server = await testApp({}, async (url) => {
    proxy = await proxyTo(url)
    return proxy.url
  })
  ada = await server.addTenant('ada')
  await server.addFlow(ada, doubling('double'))
  await server.addFlow(ada, echoing('echo', 'echo'), 'publish')
})
afterAll(async () => {
  await server.close()
  await proxy?.close()
})

test('while the database is away everything says so, and works again when it is back', async () => {
  expect((await server.fetch('/readyz')).status).toBe(200)
  proxy?.cut()
  await vi.waitFor(() => expect(server.app.runtime.health().liveness).toBe('lost'), 10_000)

  const ready = await server.fetch('/readyz')
  expect(ready.status).toBe(503)
  expect((await ready.json()).reasons).toEqual(['The database cannot be reached.'])
  expect((await server.fetch('/healthz')).status).toBe(200)

  const rest = await server.call(ada, '/api/v1/flows')
  expect(rest.status).toBe(503)
  expect(rest.headers.get('retry-after')).toBeTruthy()
  expect((await rest.json()).error.code).toBe('database_unavailable')
  const start = await server.call(ada, '/api/v1/flows/double/runs', { body: { input: { n: 1 }, wait: 1 } })
  expect(start.status).toBe(503)
  const hook = await server.fetch('/hooks/echo', { method: 'POST' })
  expect(hook.status).toBe(503)
  expect(hook.headers.get('retry-after')).toBeTruthy()

  const trpc = await server.fetch('/api/trpc/flows.list', { headers: ada.headers })
  expect(trpc.status).toBe(503)
  expect((await trpc.json()).error.data).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    reason: 'database_unavailable',
  })
  const session = await (await server.fetch('/api/trpc/session.get')).json()
  expect(session.result.data.problems).toHaveLength(1)
  const visit = {
    url: '/flows',
    headers: new Headers({ cookie: 'millrace.session_token=x' }),
    onCookies: () => {},
  }
  expect(await redirectOf(server.app, visit)).toBeNull()

  proxy?.restore()
  await vi.waitFor(async () => expect((await server.fetch('/readyz')).status).toBe(200), 15_000)
  const again = await server.call(ada, '/api/v1/flows/double/runs', { body: { input: { n: 1 }, wait: 10 } })
  expect(again.status).toBe(200)
}, 60_000)
