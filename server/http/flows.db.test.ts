import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doubling, flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const call: TestApp['call'] = (...args) => server.call(...args)

describe('import', () => {
  test('a document becomes a flow', async () => {
    const response = await call(ada, '/api/v1/flows?format=json', { body: doubling('imported') })
    expect(response.status).toBe(201)
    const made = await response.json()
    expect(made).toMatchObject({
      id: 'imported',
      losses: [],
      problems: [],
      flow: { id: 'imported', millrace: 1 },
    })
  })

  test('an id that is taken is 409', async () => {
    await server.addFlow(ada, doubling('taken'))
    const response = await call(ada, '/api/v1/flows', { body: doubling('taken') })
    expect(response.status).toBe(409)
    expect((await response.json()).error.code).toBe('flow_exists')
  })

  test('a document of the wrong shape is 422 with its problems by path', async () => {
    const wrong = { ...doubling('wrong'), nodes: [{ id: '1st', kind: 'start' }] }
    const response = await call(ada, '/api/v1/flows', { body: wrong })
    expect(response.status).toBe(422)
    const { error } = await response.json()
    expect(error.code).toBe('invalid_flow')
    expect(error.details.problems[0].path).toEqual(['nodes', 0, 'id'])
  })

  test('what can be stored but not run is stored, with its problems', async () => {
    const response = await call(ada, '/api/v1/flows', { body: flowOf('no_trigger', []) })
    expect(response.status).toBe(201)
    expect((await response.json()).problems.length).toBeGreaterThan(0)
  })

  test('text that is no JSON is 422 and says where it breaks', async () => {
    const response = await call(ada, '/api/v1/flows', { body: '{"millrace": 1,' })
    expect(response.status).toBe(422)
    expect((await response.json()).error.details.problems).toHaveLength(1)
  })

  test.each(['yaml', 'asl', 'n8n'])('%s is 422 for now, and says so', async (format) => {
    const response = await call(ada, `/api/v1/flows?format=${format}`, { body: 'a: 1' })
    expect(response.status).toBe(422)
    expect((await response.json()).error.code).toBe('format_not_supported')
  })

  test('a document above 2 MiB is 413', async () => {
    const large = { ...doubling('large'), description: 'x'.repeat(19_000) }
    const notes = Array.from({ length: 120 }, (_, index) => ({ id: `n${index}`, text: 'x'.repeat(19_000) }))
    const response = await call(ada, '/api/v1/flows', { body: { ...large, notes } })
    expect(response.status).toBe(413)
  })
})

describe('read', () => {
  test('as JSON it is the document, with a tag', async () => {
    await server.addFlow(ada, doubling('readable'))
    const response = await call(ada, '/api/v1/flows/readable')
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('etag')).toBe('"1"')
    expect(await response.json()).toEqual(doubling('readable'))
    const again = await call(ada, '/api/v1/flows/readable', { headers: { 'if-none-match': '"1"' } })
    expect(again.status).toBe(304)
  })

  test('as text and as Mermaid it is a drawing', async () => {
    await server.addFlow(ada, doubling('drawable'))
    const text = await call(ada, '/api/v1/flows/drawable?format=text')
    expect(text.headers.get('content-type')).toContain('text/plain')
    expect(await text.text()).toContain('drawable')
    const mermaid = await call(ada, '/api/v1/flows/drawable?format=mermaid')
    expect(await mermaid.text()).toMatch(/^flowchart/)
  })

  test('an unknown format is 400, one of later is 422', async () => {
    await server.addFlow(ada, doubling('formats'))
    expect((await call(ada, '/api/v1/flows/formats?format=pdf')).status).toBe(400)
    expect((await call(ada, '/api/v1/flows/formats?format=asl')).status).toBe(422)
  })

  test('an unknown flow and an unknown version are 404', async () => {
    await server.addFlow(ada, doubling('unpublished'))
    expect((await call(ada, '/api/v1/flows/nothing')).status).toBe(404)
    expect((await call(ada, '/api/v1/flows/unpublished?version=live')).status).toBe(404)
    expect((await call(ada, '/api/v1/flows/unpublished?version=3')).status).toBe(404)
  })

  test('the list has pages', async () => {
    const pager = await server.addTenant('pager')
    for (const id of ['one', 'two', 'three']) await server.addFlow(pager, doubling(id))
    const first = await (await call(pager, '/api/v1/flows?limit=2')).json()
    expect(first.items.map((item: { id: string }) => item.id)).toEqual(['three', 'two'])
    const second = await (await call(pager, `/api/v1/flows?limit=2&cursor=${first.cursor}`)).json()
    expect(second).toMatchObject({ items: [{ id: 'one', liveVersion: null }], cursor: null })
  })
})

describe('text that PostgreSQL cannot hold is 400', () => {
  test.each([
    ['an id', '/api/v1/flows/%00', undefined],
    ['a query', '/api/v1/flows?search=%00', undefined],
    ['a document', '/api/v1/flows', { ...doubling('with_nul'), name: 'a\u0000b' }],
  ])('in %s', async (_where, path, body) => {
    const response = await call(ada, path, body === undefined ? {} : { body })
    expect(response.status).toBe(400)
    expect((await response.json()).error.code).toBe('text_unstorable')
  })
})

test('a query that is not known is told as one of the query', async () => {
  const response = await call(ada, '/api/v1/flows?sorted=yes')
  expect(response.status).toBe(400)
  expect((await response.json()).error.message).toMatch(/^query: /)
})

describe('replace', () => {
  test('with the tag that GET gave it makes a new revision', async () => {
    await server.addFlow(ada, doubling('changing'))
    const etag = (await call(ada, '/api/v1/flows/changing')).headers.get('etag')
    const response = await call(ada, '/api/v1/flows/changing', {
      method: 'PUT',
      body: { ...doubling('changing'), name: 'Changed' },
      headers: { 'if-match': etag },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('etag')).toBe('"2"')
    expect(await response.json()).toMatchObject({ id: 'changing', revision: 2, problems: [] })
  })

  test('with a stale tag it is 409, and what is stored stays and is told', async () => {
    await server.addFlow(ada, doubling('contested'))
    const put = (name: string) =>
      call(ada, '/api/v1/flows/contested', {
        method: 'PUT',
        body: { ...doubling('contested'), name },
        headers: { 'if-match': '"1"' },
      })
    expect((await put('first')).status).toBe(200)
    const refused = await put('second')
    expect(refused.status).toBe(409)
    const { error } = await refused.json()
    expect(error).toMatchObject({
      code: 'stale_revision',
      details: { revision: 2, updatedBy: 'ada', document: { name: 'first' } },
    })
    expect((await (await call(ada, '/api/v1/flows/contested')).json()).name).toBe('first')
  })

  test('under another id it is refused', async () => {
    await server.addFlow(ada, doubling('fixed'))
    const response = await call(ada, '/api/v1/flows/fixed', { method: 'PUT', body: doubling('renamed') })
    expect(response.status).toBe(409)
  })
})

describe('publish', () => {
  test('numbers versions, lists them and serves each', async () => {
    await server.addFlow(ada, doubling('released'))
    const publish = (note: string) => call(ada, '/api/v1/flows/released/publish', { body: { note } })
    expect(await (await publish('first')).json()).toEqual({ version: 1 })
    await call(ada, '/api/v1/flows/released', {
      method: 'PUT',
      body: { ...doubling('released'), name: 'New' },
    })
    expect(await (await publish('second')).json()).toEqual({ version: 2 })
    const { items } = await (await call(ada, '/api/v1/flows/released/versions')).json()
    expect(items).toMatchObject([
      { version: 2, note: 'second', publishedBy: 'ada', publishedAt: expect.any(String) },
      { version: 1, note: 'first' },
    ])
    expect((await (await call(ada, '/api/v1/flows/released?version=1')).json()).name).toBe('released')
    expect((await (await call(ada, '/api/v1/flows/released?version=live')).json()).name).toBe('New')
  })

  test('a flow with errors is 422 with the problems', async () => {
    await server.addFlow(ada, flowOf('broken', []))
    const response = await call(ada, '/api/v1/flows/broken/publish', { method: 'POST' })
    expect(response.status).toBe(422)
    const { error } = await response.json()
    expect(error.code).toBe('invalid_flow')
    expect(error.details.problems[0]).toMatchObject({ severity: 'error', message: expect.any(String) })
  })
})

test('validation reports problems and counts tools', async () => {
  await server.addFlow(ada, doubling('sound'))
  expect(await (await call(ada, '/api/v1/flows/sound/validate')).json()).toEqual({
    valid: true,
    problems: [],
    tool_count: 1,
    function_count: 1,
  })
  await server.addFlow(ada, flowOf('unsound', []))
  const report = await (await call(ada, '/api/v1/flows/unsound/validate')).json()
  expect(report).toMatchObject({ valid: false, tool_count: 0, function_count: 0 })
})

test('an archived flow is gone from every address, and its id stays taken', async () => {
  await server.addFlow(ada, doubling('old'), 'publish')
  expect((await call(ada, '/api/v1/flows/old', { method: 'DELETE' })).status).toBe(204)
  expect((await call(ada, '/api/v1/flows/old')).status).toBe(404)
  expect((await call(ada, '/api/v1/flows/old/runs', { body: { wait: 5 } })).status).toBe(404)
  expect((await call(ada, '/api/v1/flows', { body: doubling('old') })).status).toBe(409)
})
