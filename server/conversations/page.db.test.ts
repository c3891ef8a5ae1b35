import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStream } from '../testing/event-stream'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ana: Tenant
let token = ''

beforeAll(async () => {
  server = await testApp()
  ana = await server.addTenant('ana')
  await server.addFlow(ana, greeting, 'publish')
  token = await link('greeting')
})
afterAll(() => server.close())

const greeting = flowOf(
  'greeting',
  [
    { id: 'chat', kind: 'chat', config: { greeting: 'Welcome!', suggestions: ['Hi'] } },
    { id: 'name', kind: 'ask', config: { question: 'Your name?', channel: 'chat' } },
    { id: 'reply', kind: 'text', config: { text: 'Hello ${input}' } },
  ],
  {
    name: 'Front desk',
    edges: [
      { from: 'chat', to: 'name' },
      { from: 'name', port: 'answered', to: 'reply' },
    ],
  },
)

async function link(flow: string, kind = 'chat'): Promise<string> {
  const response = await server.call(ana, '/api/trpc/shares.create', { body: { flow, kind } })
  return (await response.json()).result.data.token
}

const pages = '/api/v1/chat/pages'
const get = (path: string) => server.fetch(`${pages}/${path}`)
const say = (thread: string, text: string, options: { at?: string; key?: string; accept?: string } = {}) =>
  server.fetch(`${pages}/${options.at ?? token}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(options.accept ? { accept: options.accept } : {}) },
    body: JSON.stringify({ thread, text, key: options.key ?? randomUUID() }),
  })

test('a stranger who has the link talks with the live version, and sees nothing else', async () => {
  expect(await (await get(token)).json()).toEqual({
    name: 'Front desk',
    description: '',
    greeting: 'Welcome!',
    suggestions: ['Hi'],
  })
  const thread = randomUUID()
  expect(await (await say(thread, 'Hi')).json()).toEqual({
    thread_id: thread,
    message_id: expect.any(String),
    agent_response: 'Your name?',
    status: 'waiting',
  })
  expect(await (await say(thread, 'Ana')).json()).toMatchObject({
    agent_response: 'Hello Ana',
    status: 'completed',
  })
  const { status, messages } = await (await get(`${token}/threads/${thread}`)).json()
  expect(status).toBe('open')
  expect(messages.map(({ text }: { text: string }) => text)).toEqual(['Hi', 'Your name?', 'Ana', 'Hello Ana'])
  expect(Object.keys(messages[0])).toEqual(['id', 'role', 'text', 'at'])
})

test('a message that is sent again after a lost connection is taken once', async () => {
  const thread = randomUUID()
  const key = randomUUID()
  const replies = await Promise.all([
    say(thread, 'Hi', { key }),
    say(thread, 'Hi', { key }),
    say(thread, 'Hi', { key }),
  ])
  const texts = await Promise.all(replies.map(async (reply) => (await reply.json()).agent_response))
  expect(texts).toEqual(['Your name?', 'Your name?', 'Your name?'])
  expect((await (await get(`${token}/threads/${thread}`)).json()).messages).toHaveLength(2)
})

test('the answer can be streamed', async () => {
  const events = await readStream(await say(randomUUID(), 'Hi', { accept: 'text/event-stream' }))
  expect(events.map(({ event }) => event)).toEqual(['accepted', 'reply'])
})

test('a conversation belongs to its link', async () => {
  const thread = randomUUID()
  await say(thread, 'Hi')
  const other = await link('greeting')
  expect((await say(thread, 'Me too', { at: other })).status).toBe(404)
  expect((await get(`${other}/threads/${thread}`)).status).toBe(404)
  const own = await server.call(ana, `/api/v1/chat/threads/${thread}`)
  expect(await own.json()).toMatchObject({ flow: 'greeting', user: null })
})

test('a link to look is none to talk, and the other way round', async () => {
  const view = await link('greeting', 'view')
  expect((await get(view)).status).toBe(404)
  const looked = await server.fetch(
    `/api/trpc/shares.get?input=${encodeURIComponent(JSON.stringify({ token }))}`,
  )
  expect(looked.status).toBe(404)
})

test('a revoked link, and one of a flow that is not published, are closed', async () => {
  const revoked = await link('greeting')
  await server.call(ana, '/api/trpc/shares.revoke', { body: { token: revoked } })
  expect((await get(revoked)).status).toBe(404)
  expect((await say(randomUUID(), 'Hi', { at: revoked })).status).toBe(404)
  await server.addFlow(ana, { ...greeting, id: 'unpublished' })
  const early = await link('unpublished')
  expect(await (await get(early)).json()).toMatchObject({ error: { code: 'chat_closed' } })
  expect((await say(randomUUID(), 'Hi', { at: early })).status).toBe(404)
})

test.each([
  ['no text', { thread: randomUUID(), text: '  ', key: 'k' }],
  ['a long text', { thread: randomUUID(), text: 'x'.repeat(8_001), key: 'k' }],
  ['a thread that can be guessed', { thread: 'mine', text: 'Hi', key: 'k' }],
  ['a claim to be somebody', { thread: randomUUID(), text: 'Hi', key: 'k', user: 'ana@example.com' }],
])('%s is refused', async (_, body) => {
  const response = await server.fetch(`${pages}/${token}/messages`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(400)
})

test('who writes too much is asked to wait', async () => {
  const thread = randomUUID()
  const replies = await Promise.all(
    Array.from({ length: 25 }, (_, index) => say(thread, 'Hi', { key: `${index % 2}` })),
  )
  expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
  expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/)
})
