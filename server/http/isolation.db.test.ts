import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asking, doubling, echoing } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'
import { routes } from './rest/routes'

let server: TestApp
let ada: Tenant
let eve: Tenant
let run = ''
let share = ''

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  eve = await server.addTenant('eve')
  await server.addFlow(ada, asking('private'), 'publish')
  await server.addFlow(ada, echoing('hooked', 'hooked'), 'publish')
  await server.call(ada, '/api/v1/assistants', { body: { name: 'Private', flows: ['private'] } })
  const started = await server.call(ada, '/api/v1/flows/private/runs', { body: { wait: 0.1 } })
  run = (await started.json()).id
  await server.call(ada, '/api/v1/mcp-servers/shop', {
    method: 'PUT',
    body: { url: 'https://example.com/mcp' },
  })
  await server.call(ada, '/api/v1/knowledge', { body: { id: 'shop', name: 'Shop' } })
  share = await trpcData(ada, 'shares.create', { flow: 'private' }).then(({ token }) => token)
})
afterAll(() => server.close())

const trpc = (tenant: Tenant | null, path: string, input: unknown, method: 'GET' | 'POST') => {
  const headers = { 'content-type': 'application/json', ...tenant?.headers }
  return method === 'GET'
    ? server.fetch(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
    : server.fetch(`/api/trpc/${path}`, { method, headers, body: JSON.stringify(input) })
}
const trpcData = async (tenant: Tenant, path: string, input: unknown) =>
  (await (await trpc(tenant, path, input, 'POST')).json()).result.data

/** Every REST address that names a thing, with what Eve would send to get at Ada's. */
const addressed = routes
  .filter((route) => route.role !== null && route.path.includes(':') && route.path !== '/secrets/:name')
  // What is stored under a name is stored in one's own workspace.
  .filter((route) => route.method !== 'PUT' || !route.path.endsWith('/:name'))
  .map((route) => [route.method, route.path] as const)

const bodies: Record<string, unknown> = {
  'PUT /knowledge/:collection': { name: 'Mine' },
  'PUT /knowledge/:collection/embeddings': { model: 'openai/text-embedding-3-small' },
  'PUT /assistants/:id': { name: 'Mine' },
  'POST /assistants/:id/bridges': { url: 'ws://127.0.0.1:9/' },
  'PUT /assistants/:id/flows/:flow': { active: false },
  'POST /assistants/:id/calls': { name: 'private' },
  'POST /assistants/:id/messages': { turns: [{ role: 'user', text: 'Hello' }] },
  'PUT /flows/:id': doubling('private'),
  'POST /flows/:id/runs': { wait: 1 },
  'POST /runs/:id/answers/:step': '"approved"',
  'POST /runs/:id/people/:step': { person: 'ana@example.com' },
}

describe('another workspace’s things', () => {
  test.each(addressed)('%s %s is 404', async (method, path) => {
    const real = path
      .replace(/^\/assistants\/:id/, '/assistants/private')
      .replace(':flow', 'private')
      .replace(/^\/flows\/:id/, '/flows/private')
      .replace(/^\/runs\/:id/, `/runs/${run}`)
      .replace(':step', 'ask')
      .replace('/mcp-servers/:name', '/mcp-servers/shop')
      .replace('/knowledge/:collection', '/knowledge/shop')
      .replace(/\/documents$/, '/documents?name=a.txt')
      .replace(/\/search$/, '/search?query=bikes')
    const body = bodies[`${method} ${path}`]
    const response = await server.call(eve, `/api/v1${real}`, {
      method,
      ...(body === undefined ? {} : { body }),
    })
    expect(response.status).toBe(404)
    expect((await response.json()).error.code).toBe('not_found')
  })

  test.each([
    ['assistants.get', 'GET', () => ({ id: 'private' })],
    ['assistants.change', 'POST', () => ({ id: 'private', change: { name: 'Mine' } })],
    ['assistants.remove', 'POST', () => ({ id: 'private' })],
    ['assistants.turnFlow', 'POST', () => ({ id: 'private', flow: 'private', change: { active: false } })],
    ['assistants.takeFlowOut', 'POST', () => ({ id: 'private', flow: 'private' })],
    ['assistants.report', 'GET', () => ({ id: 'private' })],
    ['assistants.session', 'GET', () => ({ id: 'private', format: 'plain' })],
    ['flows.get', 'GET', () => ({ id: 'private' })],
    ['flows.save', 'POST', () => ({ id: 'private', document: doubling('private'), revision: 1 })],
    ['flows.duplicate', 'POST', () => ({ id: 'private' })],
    ['flows.archive', 'POST', () => ({ id: 'private' })],
    ['flows.publish', 'POST', () => ({ id: 'private' })],
    ['flows.versions', 'GET', () => ({ id: 'private' })],
    ['flows.export', 'GET', () => ({ id: 'private', format: 'json' })],
    ['runs.start', 'POST', () => ({ flow: 'private', input: {} })],
    ['runs.get', 'GET', () => ({ id: run })],
    ['runs.cancel', 'POST', () => ({ id: run })],
    ['runs.answer', 'POST', () => ({ id: run, step: 'ask', answer: 'approved' })],
    ['asks.people', 'GET', () => ({ run, step: 'ask' })],
    ['asks.link', 'POST', () => ({ run, step: 'ask', person: 'ana@example.com' })],
    ['knowledge.documents', 'GET', () => ({ collection: 'shop' })],
    ['knowledge.search', 'GET', () => ({ collection: 'shop', query: 'bikes' })],
    ['knowledge.embeddings', 'GET', () => ({ collection: 'shop' })],
    ['knowledge.chooseEmbedding', 'POST', () => ({ collection: 'shop', model: null })],
    ['knowledge.retryEmbedding', 'POST', () => ({ collection: 'shop' })],
    ['knowledge.remove', 'POST', () => ({ collection: 'shop' })],
    ['mcpServers.tools', 'GET', () => ({ name: 'shop' })],
    ['mcpServers.remove', 'POST', () => ({ name: 'shop' })],
    ['shares.create', 'POST', () => ({ flow: 'private' })],
    ['shares.list', 'GET', () => ({ flow: 'private' })],
    ['shares.revoke', 'POST', () => ({ token: share })],
  ] as const)('%s is NOT_FOUND', async (path, method, input) => {
    const response = await trpc(eve, path, input(), method)
    expect(response.status).toBe(404)
    expect((await response.json()).error.data).toMatchObject({ code: 'NOT_FOUND', reason: 'not_found' })
  })

  test('runs.events says so in its stream', async () => {
    const response = await trpc(eve, 'runs.events', { id: run }, 'GET')
    expect(await response.text()).toContain('NOT_FOUND')
  })

  test('are in no list', async () => {
    const flows = await (await server.call(eve, '/api/v1/flows')).json()
    const runs = await (await server.call(eve, '/api/v1/runs')).json()
    expect([flows.items, runs.items]).toEqual([[], []])
    expect(
      (await (await trpc(eve, 'runs.lastInput', { flow: 'private' }, 'GET')).json()).result.data,
    ).toBeNull()
    expect(
      (await (await trpc(eve, 'runs.lastOutputs', { flow: 'private' }, 'GET')).json()).result.data,
    ).toBeNull()
  })

  test('do not hinder things of the same name', async () => {
    await server.addFlow(eve, doubling('private'))
    const mine = await (await server.call(eve, '/api/v1/flows/private')).json()
    expect(mine.nodes.map((node: { id: string }) => node.id)).toEqual(['begin', 'double'])
  })

  test('stay as they were', async () => {
    const stored = await (await server.call(ada, '/api/v1/flows/private')).json()
    expect(stored.nodes.map((node: { id: string }) => node.id)).toEqual(['begin', 'ask', 'yes'])
    expect((await (await server.call(ada, `/api/v1/runs/${run}`)).json()).status).toBe('waiting')
  })

  test('an event does not reach them', async () => {
    const response = await server.call(eve, '/api/v1/events', { body: { name: 'anything' } })
    expect(await response.json()).toEqual({ delivered: 0 })
  })
})

describe('without signing in', () => {
  test.each(
    routes.filter((route) => route.role !== null).map((route) => [route.method, route.path] as const),
  )('%s %s is 401', async (method, path) => {
    const response = await server.fetch(`/api/v1${path.replaceAll(':', '')}`, { method })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBeTruthy()
  })

  test('tRPC is UNAUTHORIZED but for the session and a shared flow', async () => {
    expect((await trpc(null, 'flows.list', {}, 'GET')).status).toBe(401)
    expect((await trpc(null, 'session.get', null, 'GET')).status).toBe(200)
    expect((await trpc(null, 'shares.get', { token: share }, 'GET')).status).toBe(200)
  })
})
