import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoing, flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const send = (path: string, init: RequestInit = {}) =>
  server.fetch(`/hooks/${path}`, { method: 'POST', ...init })
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})
const runOf = async (response: Response) =>
  (await server.call(ada, `/api/v1/runs/${response.headers.get('millrace-run')}`)).json()

test('the flow answers as its complete step says', async () => {
  await server.addFlow(ada, echoing('echo', 'orders/new'), 'publish')
  const response = await send('orders/new?a=1&b=2&b=3', json({ item: 'book' }))
  expect(response.status).toBe(201)
  expect(await response.json()).toEqual({ got: { item: 'book' }, query: { a: '1', b: ['2', '3'] } })
  const run = await runOf(response)
  expect(run).toMatchObject({ flow: 'echo', version: 1, cause: 'webhook', status: 'completed' })
})

test('forms and text arrive as objects and text, nothing as null', async () => {
  await server.addFlow(ada, echoing('bodies', 'bodies', { method: 'ANY' }), 'publish')
  const got = async (init: RequestInit) => (await (await send('bodies', init)).json()).got
  expect(await got({ body: new URLSearchParams('a=1&a=2&b=x') })).toEqual({ a: ['1', '2'], b: 'x' })
  expect(await got({ body: 'hello', headers: { 'content-type': 'text/plain' } })).toBe('hello')
  expect(await got({})).toBeNull()
  expect(await got({ method: 'GET' })).toBeNull()
})

test('what proves who calls does not enter the history', async () => {
  await server.addFlow(ada, echoing('headers', 'headers'), 'publish')
  const response = await send(
    'headers',
    json({}, { authorization: 'Bearer x', cookie: 'a=b', 'x-kind': 'test' }),
  )
  const { headers } = (await runOf(response)).input
  expect(headers).toMatchObject({ 'x-kind': 'test' })
  expect(Object.keys(headers)).not.toContain('authorization')
  expect(Object.keys(headers)).not.toContain('cookie')
})

test('an unknown path is 404 with the remedy, a wrong method 405 with the right one', async () => {
  const unknown = await send('nowhere')
  expect(unknown.status).toBe(404)
  const { error } = await unknown.json()
  expect(error).toMatchObject({ code: 'no_such_hook', message: expect.stringContaining('Publish') })
  await server.addFlow(ada, echoing('posted', 'posted'), 'publish')
  const wrong = await send('posted', { method: 'GET' })
  expect(wrong.status).toBe(405)
  expect(wrong.headers.get('allow')).toBe('POST')
})

test('a draft answers nowhere; publishing is seen by the very next call', async () => {
  await server.addFlow(ada, echoing('later', 'later'))
  expect((await send('later', json({}))).status).toBe(404)
  await server.call(ada, '/api/v1/flows/later/publish', { method: 'POST' })
  expect((await send('later', json({}))).status).toBe(201)
  await server.call(ada, '/api/v1/flows/later', { method: 'DELETE' })
  expect((await send('later', json({}))).status).toBe(404)
})

test('a new version is what the next call runs', async () => {
  await server.addFlow(ada, echoing('moving', 'moving'), 'publish')
  await send('moving', json({}))
  const changed = echoing('moving', 'moving')
  const nodes = changed.nodes?.map((node) =>
    node.id === 'reply' ? { ...node, config: { output: 'second' } } : node,
  )
  await server.call(ada, '/api/v1/flows/moving', { method: 'PUT', body: { ...changed, nodes } })
  await server.call(ada, '/api/v1/flows/moving/publish', { method: 'POST' })
  const response = await send('moving', json({}))
  expect(response.status).toBe(200)
  expect(await response.json()).toBe('second')
})

test('a path belongs to one flow only', async () => {
  await server.addFlow(ada, echoing('mine', 'shared/path'), 'publish')
  await server.addFlow(ada, echoing('yours', 'shared/path'))
  const response = await server.call(ada, '/api/v1/flows/yours/publish', { method: 'POST' })
  expect(response.status).toBe(409)
  expect((await response.json()).error.code).toBe('webhook_taken')
})

test('respond now is 202 with the run', async () => {
  await server.addFlow(ada, echoing('quick', 'quick', { respond: 'now' }), 'publish')
  const response = await send('quick', json({ a: 1 }))
  expect(response.status).toBe(202)
  const { run, number } = await response.json()
  expect(number).toBe(1)
  const result = await server.app.runtime.waitForEnd(run, 10_000)
  expect(result?.output).toMatchObject({ got: { a: 1 } })
})

test('a run that parks is 202, one that fails 500 with its error', async () => {
  const waiting = flowOf('parking', [
    { id: 'hook', kind: 'webhook', config: { path: 'parking' } },
    { id: 'ask', kind: 'approval', config: { title: 'Go on?' } },
  ])
  const edges = [{ from: 'hook', port: 'done', to: 'ask' }]
  await server.addFlow(ada, { ...waiting, edges }, 'publish')
  expect((await send('parking', json({}))).status).toBe(202)

  await server.addFlow(
    ada,
    flowOf('failing', [
      { id: 'hook', kind: 'webhook', config: { path: 'failing' } },
      { id: 'stop', kind: 'fail', config: { code: 'no_stock', message: 'Nothing left.' } },
    ]),
    'publish',
  )
  const failed = await send('failing', json({}))
  expect(failed.status).toBe(500)
  const { error } = await failed.json()
  expect(error).toMatchObject({ code: 'no_stock', message: 'Nothing left.', details: { step: 'stop' } })
})

test('two calls with the same dedupe key are one run with one answer', async () => {
  const config = { dedupeKey: '${trigger.headers."x-request-id"}' }
  await server.addFlow(ada, echoing('once', 'once', config), 'publish')
  const [first, second] = await Promise.all([
    send('once', json({ n: 1 }, { 'x-request-id': 'r1' })),
    send('once', json({ n: 1 }, { 'x-request-id': 'r1' })),
  ])
  expect(first.headers.get('millrace-run')).toBe(second.headers.get('millrace-run'))
  expect(await first.json()).toEqual(await second.json())
  const third = await send('once', json({ n: 2 }, { 'x-request-id': 'r2' }))
  expect(third.headers.get('millrace-run')).not.toBe(first.headers.get('millrace-run'))
})

describe('who may call', () => {
  test.each([
    ['bearer', { type: 'bearer', token: 't0k3n' }, { authorization: 'Bearer t0k3n' }],
    [
      'basic',
      { type: 'basic', username: 'u', password: 'p' },
      { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    ],
    ['header', { type: 'header', name: 'X-Token', value: 'v' }, { 'x-token': 'v' }],
  ])('%s', async (name, auth, headers) => {
    await server.addFlow(ada, echoing(`auth_${name}`, `auth/${name}`, { auth }), 'publish')
    const refused = await send(`auth/${name}`, json({}))
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBeTruthy()
    const allowed = await send(`auth/${name}`, json({}, headers))
    expect(allowed.status).toBe(201)
    expect(JSON.stringify((await runOf(allowed)).input)).not.toMatch(/t0k3n|x-token/)
  })

  test('by a stored secret', async () => {
    const auth = { type: 'bearer', token: '${secrets.HOOK_TOKEN}' }
    await server.addFlow(ada, echoing('auth_secret', 'auth/secret', { auth }), 'publish')
    const missing = await send('auth/secret', json({}, { authorization: 'Bearer s3cret' }))
    expect(missing.status).toBe(503)
    await server.app.secrets.write(ada.workspaceId, 'HOOK_TOKEN', 's3cret')
    expect((await send('auth/secret', json({}, { authorization: 'Bearer s3cret' }))).status).toBe(201)
    expect((await send('auth/secret', json({}, { authorization: 'Bearer other' }))).status).toBe(401)
  })
})

test('bad JSON is 400, files are 415, more than 16 MiB is 413', async () => {
  await server.addFlow(ada, echoing('limits', 'limits'), 'publish')
  const bad = await send('limits', { body: '{"a":', headers: { 'content-type': 'application/json' } })
  expect(bad.status).toBe(400)
  const form = new FormData()
  form.set('file', new Blob(['x']), 'x.txt')
  expect((await send('limits', { body: form })).status).toBe(415)
  const announced = await send('limits', {
    body: 'x',
    headers: { 'content-length': String(17 * 1024 * 1024) },
  })
  expect(announced.status).toBe(413)
  const streamed = await send('limits', {
    body: 'x'.repeat(17 * 1024 * 1024),
    headers: { 'content-type': 'text/plain' },
  })
  expect(streamed.status).toBe(413)
})
