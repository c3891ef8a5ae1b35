import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoing, flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

/* JSON that is nested so deep that whoever recurses over it falls: told in a sentence, wherever it comes in. */

const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  await server.addFlow(ada, echoing('nested', 'nested'), 'publish')
})
afterAll(() => server.close())

test('as the input of a run and as the body of a webhook', async () => {
  const started = await server.call(ada, '/api/v1/flows/nested/runs', { body: `{"input":${deep}}` })
  expect(started.status).toBe(400)
  expect(await started.json()).toMatchObject({ error: { code: 'too_deep' } })
  const headers = { 'content-type': 'application/json' }
  const sent = await server.fetch('/hooks/nested', { method: 'POST', body: deep, headers })
  expect(sent.status).toBe(400)
})

test('in a draft that the editor saves', async () => {
  const body = `{"id":"nested","revision":1,"document":{"state":{"a":${deep}}}}`
  const response = await server.call(ada, '/api/trpc/flows.save', { body })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { data: { reason: 'too_deep' } } })
})

test('made by a code step: the step fails, the process goes on', async () => {
  const source = 'let value = []; for (let n = 0; n < 3000; n++) value = [value]; return value'
  const steps = [
    { id: 'begin', kind: 'start' },
    { id: 'dig', kind: 'code', config: { source } },
  ]
  await server.addFlow(ada, flowOf('digging', steps), 'publish')
  const response = await server.call(ada, '/api/v1/flows/digging/runs', { body: { wait: 10 } })
  const { status, error } = await response.json()
  expect(status).toBe('failed')
  expect(error).toMatchObject({ step: 'dig', code: expect.stringMatching(/^(value_too_deep|code_error)$/) })
  expect((await server.fetch('/healthz')).status).toBe(200)
})
