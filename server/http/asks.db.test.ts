import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

/** Starts a run that asks, and gives the token of its link. */
async function asked(
  id: string,
  kind: 'ask' | 'approval',
  config: object,
): Promise<{ run: string; token: string }> {
  const document = flowOf(
    id,
    [
      { id: 's', kind: 'start' },
      { id: 'q', kind, config: { ...config } },
    ],
    {
      edges: [{ from: 's', to: 'q' }],
    },
  )
  await server.addFlow(ada, document, 'publish')
  const started = await server.call(ada, `/api/v1/flows/${id}/runs`, { body: { input: {}, wait: 0.2 } })
  const { id: run } = await started.json()
  const { items } = await (await server.call(ada, `/api/v1/runs/${run}/events`)).json()
  const waiting = items.find((event: { type: string }) => event.type === 'step_waiting')
  return { run, token: waiting.data.token }
}

const look = async (token: string) => (await server.fetch(`/api/v1/asks/${token}`)).json()
const say = async (token: string, body: unknown) => {
  const response = await server.fetch(`/api/v1/asks/${token}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, code: (await response.json()).error?.code }
}
const outputOf = async (run: string) => {
  await server.app.runtime.waitForEnd(run, 10_000)
  return (await (await server.call(ada, `/api/v1/runs/${run}`)).json()).output
}

test('whoever has the link sees what is asked, answers once, and the run goes on', async () => {
  const { run, token } = await asked('offer', 'approval', { title: 'Send it?', message: 'To Acme.' })
  expect(await look(token)).toEqual({
    flowName: 'offer',
    title: 'Send it?',
    message: 'To Acme.',
    schema: null,
    choices: ['approved', 'rejected'],
    people: [],
    deadline: null,
    status: 'open',
  })
  expect(await say(token, 'perhaps')).toEqual({ status: 422, code: 'answer_invalid' })
  expect(await say(token, { decision: 'approved', comment: 'Go.' })).toMatchObject({ status: 202 })
  expect(await outputOf(run)).toMatchObject({ decision: 'approved', comment: 'Go.', by: null })
  expect(await look(token)).toMatchObject({ status: 'answered' })
  expect(await say(token, 'rejected')).toEqual({ status: 409, code: 'already_answered' })
})

test('a form by link is checked like any other', async () => {
  const fields = { type: 'object', properties: { seats: { type: 'integer' } }, required: ['seats'] }
  const { run, token } = await asked('seats', 'ask', { question: 'How many?', fields })
  expect(await look(token)).toMatchObject({ title: 'How many?', schema: fields })
  expect(await say(token, { seats: 'some' })).toEqual({ status: 422, code: 'answer_invalid' })
  expect((await say(token, { seats: 4 })).status).toBe(202)
  expect(await outputOf(run)).toEqual({ seats: 4 })
})

test('a link whose time is over says so', async () => {
  const { run, token } = await asked('late', 'approval', { title: 'Quick?', timeout: 'PT0.2S' })
  await server.app.runtime.waitForEnd(run, 10_000)
  expect(await look(token)).toMatchObject({ status: 'over' })
  expect(await say(token, 'approved')).toEqual({ status: 410, code: 'answer_expired' })
})

test('a question for certain people is not answered by a link', async () => {
  const { token } = await asked('board', 'approval', { title: 'Buy?', people: ['cfo@example.com'] })
  expect(await look(token)).toMatchObject({ people: ['cfo@example.com'], status: 'open' })
  expect(await say(token, 'approved')).toEqual({ status: 403, code: 'not_asked' })
})

test('a token that nobody made leads nowhere', async () => {
  expect((await server.fetch('/api/v1/asks/nothing')).status).toBe(404)
  expect(await say('nothing', 'x')).toEqual({ status: 404, code: 'not_found' })
})
