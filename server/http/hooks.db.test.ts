import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoing, flowOf } from '../testing/flows'
import { hooksOf } from '../testing/hooks'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const { send, json, runOf } = hooksOf(() => ({ server, tenant: ada }))

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

describe('a path belongs to one flow only', () => {
  const publish = (id: string, tenant = ada) =>
    server.call(tenant, `/api/v1/flows/${id}/publish`, { method: 'POST' })

  test('and publishing says whose it is', async () => {
    await server.addFlow(ada, echoing('mine', 'shared/path'), 'publish')
    await server.addFlow(ada, echoing('yours', '/shared/path'))
    const response = await publish('yours')
    expect(response.status).toBe(409)
    const { error } = await response.json()
    expect(error).toMatchObject({ code: 'webhook_taken', message: expect.stringContaining('flow mine') })
  })

  test('but not whose in another workspace', async () => {
    const bob = await server.addTenant('bob')
    await server.addFlow(ada, echoing('hidden_name', 'far/path'), 'publish')
    await server.addFlow(bob, echoing('near', 'far/path'))
    const { error } = await (await publish('near', bob)).json()
    expect(error.message).toContain('another workspace')
    expect(error.message).not.toContain('hidden_name')
  })

  test('any method is all of them, two different ones are not', async () => {
    await server.addFlow(ada, echoing('posts', 'methods', { method: 'POST' }), 'publish')
    await server.addFlow(ada, echoing('puts', 'methods', { method: 'PUT' }), 'publish')
    await server.addFlow(ada, echoing('any', 'methods', { method: 'ANY' }))
    expect((await publish('any')).status).toBe(409)
    await server.addFlow(ada, echoing('all_first', 'all', { method: 'ANY' }), 'publish')
    await server.addFlow(ada, echoing('then_one', 'all', { method: 'POST' }))
    const { error } = await (await publish('then_one')).json()
    expect(error.message).toContain('as ANY')
  })

  test('though two are published at the same moment', async () => {
    const ids = ['race_1', 'race_2', 'race_3', 'race_4']
    for (const [index, id] of ids.entries()) {
      await server.addFlow(ada, echoing(id, 'race', { method: index % 2 ? 'ANY' : 'POST' }))
    }
    const statuses = await Promise.all(ids.map(async (id) => (await publish(id)).status))
    expect(statuses.sort()).toEqual([200, 409, 409, 409])
  })
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

test('the same key a day later is another run', async () => {
  await server.addFlow(ada, echoing('day', 'day', { dedupeKey: '${trigger.body.id}' }), 'publish')
  const runWith = async (id: string) => (await send('day', json({ id }))).headers.get('millrace-run')
  const long = 'x'.repeat(5_000)
  const [first, longFirst] = [await runWith('k'), await runWith(long)]
  const age = (hours: number) =>
    server.app.db.pool.query(
      `update run set created_at = now() - make_interval(hours => $1) where flow_id = 'day'`,
      [hours],
    )
  await age(23)
  expect(await runWith('k')).toBe(first)
  expect(await runWith(long)).toBe(longFirst)
  await age(25)
  expect(await runWith('k')).not.toBe(first)
})

test('a call that lacks its key is told so', async () => {
  await server.addFlow(ada, echoing('keyless', 'keyless', { dedupeKey: '${trigger.body.id}' }), 'publish')
  const response = await send('keyless', json({ other: 1 }))
  expect(response.status).toBe(400)
  expect((await response.json()).error.code).toBe('dedupe_key_missing')
})

test('a flow that takes longer than its caller waits answers 202, and goes on', async () => {
  const slow = flowOf('slow', [
    { id: 'hook', kind: 'webhook', config: { path: 'slow', answerWithin: 'PT0.05S' } },
    { id: 'work', kind: 'code', config: { source: 'for (let i = 0; i < 3e6; i++); return 1' } },
  ])
  await server.addFlow(ada, slow, 'publish')
  const response = await send('slow', json({}))
  expect(response.status).toBe(202)
  const { run } = await response.json()
  expect((await server.app.runtime.waitForEnd(run, 20_000))?.status).toBe('completed')
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
