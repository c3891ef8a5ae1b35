import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { flowOf } from '../../testing/flows'
import { testApp, type Tenant, type TestApp } from '../../testing/test-app'
import { startRealtimeServer, type RealtimeServer } from '../testing/realtime-server'

let session: RealtimeServer
let server: TestApp
let ada: Tenant

const telling = (id: string, output: object) =>
  flowOf(id, [
    { id: 'begin', kind: 'start' },
    { id: 'end', kind: 'complete', config: { output } },
  ])
const asking = flowOf(
  'block_card',
  [
    { id: 'begin', kind: 'start' },
    { id: 'ask', kind: 'ask', config: { question: 'Which card?' } },
    { id: 'told', kind: 'complete', config: { output: { blocked: '${steps.ask}' } } },
  ],
  {
    edges: [
      { from: 'begin', to: 'ask' },
      { from: 'ask', port: 'answered', to: 'told' },
    ],
  },
)

beforeAll(async () => {
  session = await startRealtimeServer('sk-voice')
  server = await testApp({ MILLRACE_HTTP_ALLOW: '127.0.0.1' })
  ada = await server.addTenant('ada')
  await server.addFlow(ada, telling('balance', { balance: 7 }), 'publish')
  await server.addFlow(ada, telling('news', { news: 'none' }), 'publish')
  await server.addFlow(ada, asking, 'publish')
  await server.app.secrets.write(ada.workspaceId, 'VOICE_KEY', 'sk-voice')
  const body = { name: 'Voice', instruction: 'Be brief.', flows: ['balance', 'block_card'] }
  await server.call(ada, '/api/v1/assistants', { body })
})
afterAll(async () => {
  await server.close()
  await session.close()
})
beforeEach(() => session.sent.splice(0))

const bridges = '/api/v1/assistants/voice/bridges'
async function attach(more: object = {}) {
  const body = { url: session.url, secret: 'VOICE_KEY', ...more }
  const response = await server.call(ada, bridges, { body })
  return { code: response.status, ...(await response.json()) }
}
const list = async () => (await (await server.call(ada, bridges)).json()).items
const typesOf = () => session.sent.map(({ type }) => type)
const until = (type: string, count = 1) =>
  expect.poll(() => typesOf().filter((each) => each === type).length, { timeout: 5_000 }).toBe(count)
const outputs = () =>
  session.sent.flatMap(({ item }) => (item ? [[item.call_id, JSON.parse(item.output)]] : []))
const item = (callId: string, name: string, given: object = {}) => ({
  type: 'function_call',
  call_id: callId,
  name,
  arguments: JSON.stringify(given),
})
const done = (...output: object[]) => ({ type: 'response.done', response: { status: 'completed', output } })

test('a session is given instruction and tools, and its calls are answered before it speaks again', async () => {
  const bridge = await attach()
  expect(bridge).toMatchObject({
    code: 201,
    status: 'attached',
    url: session.url.replace(/\?.*/, ''),
    calls: 0,
    error: null,
  })
  expect(session.headers.at(-1)).toMatchObject({ authorization: 'Bearer sk-voice' })
  await until('session.update')
  expect(session.sent[0]?.session).toMatchObject({
    type: 'realtime',
    instructions: expect.stringContaining('Be brief.'),
    tools: [{ name: 'balance' }, { name: 'block_card' }],
  })

  const calls = [item('c1', 'balance'), item('c2', 'loan')]
  session.say({ type: 'response.created' }, { type: 'response.output_item.done', item: calls[0] })
  await until('conversation.item.create')
  expect(typesOf()).not.toContain('response.create')
  session.say(done(...calls))
  await until('response.create')
  expect(outputs()).toEqual([
    ['c1', { status: 'success', balance: 7 }],
    [
      'c2',
      expect.objectContaining({
        status: 'error',
        error: expect.objectContaining({ code: 'function_not_found' }),
      }),
    ],
  ])
  expect(typesOf().slice(-1)).toEqual(['response.create'])

  const runs = (await (await server.call(ada, '/api/v1/runs?flow=balance')).json()).items
  expect(runs).toHaveLength(1)
  expect((await list())[0]).toMatchObject({ status: 'attached', calls: 2 })
})

test('arguments alone are answered at once when no response is going on', async () => {
  await attach()
  session.say({
    type: 'response.function_call_arguments.done',
    call_id: 'c9',
    name: 'balance',
    arguments: '{}',
  })
  await until('response.create')
  expect(outputs()).toEqual([['c9', { status: 'success', balance: 7 }]])
})

test('switching flows changes the tools of the session while it goes on', async () => {
  await attach()
  await until('session.update')
  await server.call(ada, '/api/v1/assistants/voice/flows/news/activate', { method: 'POST' })
  await until('session.update', 2)
  expect(session.sent.at(-1)?.session?.tools.map(({ name }) => name)).toContain('news')
  await server.call(ada, '/api/v1/assistants/voice/flows/news/deactivate', { method: 'POST' })
  await until('session.update', 3)
})

test('a question of a flow is asked by voice, and the answer goes on with the flow', async () => {
  await attach()
  session.say(done(item('c1', 'block_card')))
  await until('response.create')
  const [, asked] = outputs()[0]!
  expect(asked).toMatchObject({ status: 'waiting', prompt_guidance: 'Which card?' })
  expect(session.sent.findLast(({ session }) => session)?.session?.tools.map(({ name }) => name)).toContain(
    'answer_question',
  )
  session.say(done(item('c2', 'answer_question', { run: asked.run, step: asked.step, answer: 'gold' })))
  await until('response.create', 2)
  expect(outputs()[1]).toEqual(['c2', { status: 'success', blocked: 'gold' }])
})

test('who interrupts is not talked over', async () => {
  await attach()
  session.say(
    { type: 'response.created' },
    { type: 'response.output_item.done', item: item('c1', 'balance') },
  )
  await until('conversation.item.create')
  session.say({ type: 'response.done', response: { status: 'cancelled', output: [item('c1', 'balance')] } })
  session.say({ type: 'response.created' }, done(item('c2', 'balance')))
  await until('conversation.item.create', 2)
  await until('response.create')
})

test('what the session uses is counted for its assistant, by what the workspace says that it costs', async () => {
  const body = { model: 'openai/gpt-talk', input: 4, output: 16 }
  await server.call(ada, '/api/v1/models/prices', { method: 'PUT', body })
  await attach()
  session.say(
    { type: 'session.updated', session: { model: 'gpt-talk' } },
    { type: 'response.done', response: { usage: { input_tokens: 100, output_tokens: 50 } } },
    {
      type: 'response.done',
      response: { status: 'cancelled', usage: { input_tokens: 10, output_tokens: 0 } },
    },
  )
  const read = async (by: string) => (await server.call(ada, `/api/v1/usage?by=${by}`)).json()
  await expect.poll(async () => (await read('model')).total.calls, { timeout: 5_000 }).toBe(2)
  const sums = { calls: 2, inputTokens: 110, outputTokens: 50, cost: expect.closeTo(0.00124, 9), unpriced: 0 }
  expect((await read('model')).items).toEqual([{ key: 'openai/gpt-talk', ...sums }])
  expect((await read('flow')).items).toEqual([{ key: 'assistant:voice', ...sums }])
  expect((await read('run')).items).toEqual([{ key: 'assistant:voice', ...sums }])
})

test('what the session says wrongly, or complains of, ends nothing', async () => {
  await attach()
  session.sayText('{"type":')
  session.say({ type: 'error', error: { message: 'Unknown parameter.' } }, done(item('c1', 'balance')))
  await until('response.create')
  expect((await list())[0]).toMatchObject({ status: 'attached', error: 'Unknown parameter.' })
})

test('a call id that no address can hold is refused', async () => {
  const response = await server.call(ada, bridges, { body: { call_id: 'a\ud800' } })
  expect(response.status).toBe(400)
})

test('a bridge ends with its session, or when it is let go of', async () => {
  const first = await attach()
  session.hangUp()
  await expect.poll(async () => (await list())[0]?.status).toBe('ended')
  const second = await attach()
  expect((await server.call(ada, `${bridges}/${second.id}`, { method: 'DELETE' })).status).toBe(204)
  await expect.poll(async () => (await list())[0]?.status).toBe('ended')
  expect((await list()).map(({ id }: { id: string }) => id).slice(0, 2)).toEqual([second.id, first.id])
  expect((await server.call(ada, `${bridges}/unknown`, { method: 'DELETE' })).status).toBe(404)
})

test.each([
  ['a key that is refused', { secret: 'WRONG_KEY' }, 'bridge_failed'],
  ['nothing at the address', { url: 'ws://127.0.0.1:9/' }, 'bridge_failed'],
  ['a private address that is not allowed', { url: 'ws://192.168.77.1/' }, 'bridge_failed'],
  ['a secret that is not there', { secret: 'NOWHERE' }, 'secret_missing'],
  ['an address of another kind', { url: 'https://example.com' }, 'malformed'],
  ['no address', { url: undefined }, 'malformed'],
])('%s is told', async (_, more, code) => {
  await server.app.secrets.write(ada.workspaceId, 'WRONG_KEY', 'wrong')
  expect((await attach(more)).error.code).toBe(code)
})
