import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findMcpServer } from '../mcp/servers'
import { startMcpServer, type TestMcpServer } from '../mcp/testing/mcp-server'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let app: TestApp
let ada: Tenant
let shop: TestMcpServer

beforeAll(async () => {
  app = await testApp({ MILLRACE_HTTP_ALLOW: '127.0.0.1' })
  ada = await app.addTenant('ada')
  shop = await startMcpServer({ isGuarded: true })
})
afterEach(async () => {
  const { items } = await read('/mcp-servers')
  for (const { name } of items) await app.call(ada, `/api/v1/mcp-servers/${name}`, { method: 'DELETE' })
})
afterAll(async () => {
  await app.close()
  await shop.close()
})

const read = async (path: string) => (await app.call(ada, `/api/v1${path}`)).json()
const put = (name: string, body: unknown) =>
  app.call(ada, `/api/v1/mcp-servers/${name}`, { method: 'PUT', body })
const headers = { Authorization: 'Bearer let-me-in' }

test('a server is stored, asked for its tools and removed; its headers never come back', async () => {
  expect((await put('shop', { url: shop.url, headers })).status).toBe(204)
  const list = await read('/mcp-servers')
  expect(list.items).toMatchObject([{ name: 'shop', url: shop.url, headerNames: ['Authorization'] }])
  expect(JSON.stringify(list)).not.toContain('let-me-in')
  const rows = await app.database.db.pool.query('select * from mcp_server')
  expect(JSON.stringify(rows.rows)).not.toContain('let-me-in')
  expect((await read('/mcp-servers/shop/tools')).items).toMatchObject([
    { name: 'stock_of', effect: 'idempotent' },
    { name: 'order', effect: 'once' },
    {},
    {},
    {},
  ])
  expect((await app.call(ada, '/api/v1/mcp-servers/shop', { method: 'DELETE' })).status).toBe(204)
  expect((await read('/mcp-servers')).items).toEqual([])
  expect((await app.call(ada, '/api/v1/mcp-servers/shop/tools')).status).toBe(404)
})

test('headers stay with another path of the same origin, and do not go to another', async () => {
  await put('shop', { url: shop.url, headers })
  await put('shop', { url: `${shop.url}?again` })
  expect((await read('/mcp-servers')).items[0].headerNames).toEqual(['Authorization'])
  await put('shop', { url: 'https://elsewhere.example.com/mcp' })
  expect((await read('/mcp-servers')).items[0].headerNames).toEqual([])
})

test('of many headers each is kept, replaced or taken away by itself', async () => {
  await put('shop', { url: shop.url, headers: { ...headers, 'X-Team': 'red', 'X-Old': 'old' } })
  const change = { url: shop.url, headers: { Authorization: null, 'X-Team': 'blue', 'X-New': 'new' } }
  expect((await put('shop', change)).status).toBe(204)
  expect((await read('/mcp-servers')).items[0].headerNames).toEqual(['Authorization', 'X-Team', 'X-New'])
  const { db, secrets } = app.app
  const found = await findMcpServer(db, secrets, ada.workspaceId, 'shop')
  expect(found.headers).toEqual({ ...headers, 'X-Team': 'blue', 'X-New': 'new' })
  expect((await put('shop', { url: shop.url, headers: {} })).status).toBe(204)
  expect((await read('/mcp-servers')).items[0].headerNames).toEqual([])
})

test('a header that is to stay must be there, and for the same origin', async () => {
  await put('shop', { url: shop.url, headers })
  for (const body of [
    { url: shop.url, headers: { 'X-Team': null } },
    { url: 'https://elsewhere.example.com/mcp', headers: { Authorization: null } },
  ]) {
    const refused = await put('shop', body)
    expect([refused.status, (await refused.json()).error.code]).toEqual([422, 'header_value_missing'])
  }
  expect((await read('/mcp-servers')).items).toMatchObject([
    { url: shop.url, headerNames: ['Authorization'] },
  ])
  expect((await put('new', { url: shop.url, headers: { Authorization: null } })).status).toBe(422)
})

test.each([
  ['no-address', { url: 'shop' }],
  ['no-web', { url: 'file:///etc/passwd' }],
  ['password', { url: 'https://me:secret@shop.example.com/mcp' }],
  ['1name', { url: 'https://shop.example.com/mcp' }],
  ['injected', { url: 'https://shop.example.com/mcp', headers: { a: 'b\r\nc: d' } }],
  ['twice', { url: 'https://shop.example.com/mcp', headers: { 'X-Team': 'a', 'x-team': 'b' } }],
  ['odd-header', { url: 'https://shop.example.com/mcp', headers: { 'a b': 'c' } }],
  ['unknown', { url: 'https://shop.example.com/mcp', token: 'x' }],
])('%s is refused', async (name, body) => {
  expect((await put(name, body)).status).toBe(400)
  expect((await read('/mcp-servers')).items).toEqual([])
})

test('what keeps a server from answering is said', async () => {
  await put('shop', { url: shop.url })
  const refused = await app.call(ada, '/api/v1/mcp-servers/shop/tools')
  expect(refused.status).toBe(422)
  expect((await refused.json()).error.code).toBe('mcp_unauthorized')
  await put('nobody', { url: 'http://10.0.0.1/mcp' })
  const private_ = await app.call(ada, '/api/v1/mcp-servers/nobody/tools')
  expect((await private_.json()).error.code).toBe('http_address_refused')
})

test('steps are lent it by name or by address, and live flows as tools', async () => {
  await put('shop', { url: shop.url, headers })
  const lent = app.app.services(ada.workspaceId)
  const { signal } = new AbortController()
  expect(await lent.mcp.call('shop', 'stock.of', { article: 'bike' }, signal)).toEqual({
    article: 'bike',
    count: 4,
  })
  await expect(lent.mcp.tools(shop.url, signal)).rejects.toMatchObject({ code: 'mcp_unauthorized' })
  await expect(lent.mcp.tools('store', signal)).rejects.toMatchObject({ code: 'mcp_server_missing' })
  const eve = await app.addTenant('eve')
  await expect(app.app.services(eve.workspaceId).mcp.tools('shop', signal)).rejects.toMatchObject({
    code: 'mcp_server_missing',
  })

  const input = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const nodes = [{ id: 'start', kind: 'start', position: { x: 0, y: 0 } }]
  const flow = {
    millrace: 1 as const,
    name: 'Weather',
    description: 'Tells the weather of a city',
    nodes,
    input,
  }
  await app.addFlow(ada, { ...flow, id: 'weather' }, 'publish')
  await app.addFlow(ada, { ...flow, id: 'draft' })
  await app.addFlow(ada, { ...flow, id: 'words', input: { type: 'string' } }, 'publish')
  expect(await lent.flowTool('weather')).toEqual({
    name: 'weather',
    description: 'Tells the weather of a city',
    parameters: input,
  })
  await expect(lent.flowTool('draft')).rejects.toMatchObject({ code: 'flow_missing' })
  await expect(lent.flowTool('words')).rejects.toMatchObject({ code: 'flow_not_a_tool' })
  await expect(app.app.services(eve.workspaceId).flowTool('weather')).rejects.toMatchObject({
    code: 'flow_missing',
  })
})
