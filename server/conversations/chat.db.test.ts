import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOpenAIServer, type OpenAIServer } from '../models/testing/openai-server'
import { tidyUp } from '../runtime/retention'
import { readStream } from '../testing/event-stream'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let model: OpenAIServer
let server: TestApp
let ana: Tenant
let ben: Tenant

beforeAll(async () => {
  model = await startOpenAIServer()
  server = await testApp({
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: model.url,
    MILLRACE_HTTP_ALLOW: '127.0.0.1',
  })
  ana = await server.addTenant('ana')
  ben = await server.addTenant('ben')
  for (const flow of [naming, echo, counting('count_thread', 'thread'), counting('count_user', 'user')])
    await server.addFlow(ana, flow, 'publish')
})
afterAll(async () => {
  await server.close()
  await model.close()
})

/** Asks for two things in one run, and says how it went on. */
const naming = flowOf(
  'naming',
  [
    { id: 'chat', kind: 'chat' },
    { id: 'name', kind: 'ask', config: { question: 'Your **name**?', channel: 'chat' } },
    { id: 'town', kind: 'ask', config: { question: 'Your town, ${input}?', channel: 'chat' } },
    {
      id: 'done',
      kind: 'complete',
      config: {
        output: '${steps.name} of ${input}',
        status: 'success',
        guidance: 'Thank ${steps.name}.',
        next: 'offer_help',
      },
    },
  ],
  {
    edges: [
      { from: 'chat', to: 'name' },
      { from: 'name', port: 'answered', to: 'town' },
      { from: 'town', port: 'answered', to: 'done' },
    ],
  },
)

/** A run for each message. */
const echo = flowOf('echo', [
  { id: 'chat', kind: 'chat' },
  { id: 'reply', kind: 'text', config: { text: 'You said: ${trigger.message}' } },
])

const counting = (id: string, remember: string) =>
  flowOf(
    id,
    [
      { id: 'chat', kind: 'chat', config: { remember } },
      { id: 'add', kind: 'set_state', config: { values: { count: '${state.count + 1}' } } },
      { id: 'tell', kind: 'text', config: { text: 'Message ${state.count}' } },
    ],
    { state: { count: 0 } },
  )

interface Answer {
  thread_id: string
  message_id: string
  agent_response: string
  status: string
  [member: string]: unknown
}

async function chat(
  flow: string,
  prompt: string,
  thread?: string,
  rest: { user?: string; key?: string; tenant?: Tenant } = {},
): Promise<Answer> {
  const response = await server.call(rest.tenant ?? ana, '/api/v1/chat', {
    body: {
      user_prompt: prompt,
      conversation_flow: flow,
      ...(thread ? { thread_id: thread } : {}),
      ...(rest.user ? { user: rest.user } : {}),
    },
    ...(rest.key ? { headers: { 'idempotency-key': rest.key } } : {}),
  })
  const body = await response.json()
  if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(body)}`)
  return body
}

async function threadOf(id: string) {
  return (await server.call(ana, `/api/v1/chat/threads/${id}`)).json()
}

test('a run that asks goes on with the next message of its thread', async () => {
  const first = await chat('naming', 'Hello')
  expect(first).toEqual({
    thread_id: expect.any(String),
    message_id: expect.any(String),
    agent_response: 'Your **name**?',
    token_count: 0,
    max_token_count: 0,
    memory_summary: 'Hello',
    status: 'waiting',
  })
  const second = await chat('naming', 'Ana', first.thread_id)
  expect(second).toMatchObject({
    agent_response: 'Your town, Ana?',
    status: 'waiting',
    memory_summary: 'Hello. Your name: Ana.',
  })
  const third = await chat('naming', 'Oslo', first.thread_id)
  expect(third).toMatchObject({
    agent_response: 'Ana of Oslo',
    status: 'success',
    prompt_guidance: 'Thank Ana.',
    next_action: 'offer_help',
  })
  const thread = await threadOf(first.thread_id)
  expect(thread).toMatchObject({ flow: 'naming', user: 'ana@example.com', title: 'Hello', status: 'open' })
  expect(thread.messages.map(({ role, text }: { role: string; text: string }) => `${role}: ${text}`)).toEqual(
    [
      'user: Hello',
      'assistant: Your **name**?',
      'user: Ana',
      'assistant: Your town, Ana?',
      'user: Oslo',
      'assistant: Ana of Oslo',
    ],
  )
  expect(new Set(thread.messages.map(({ run }: { run: string }) => run)).size).toBe(1)
  // The conversation goes on with a run of its own.
  expect(await chat('naming', 'Again', first.thread_id)).toMatchObject({ agent_response: 'Your **name**?' })
})

test('without a question each message is a run', async () => {
  const first = await chat('echo', 'One')
  expect(first).toMatchObject({ agent_response: 'You said: One', status: 'completed' })
  const second = await chat('echo', 'Two', first.thread_id)
  expect(second).toMatchObject({ agent_response: 'You said: Two', thread_id: first.thread_id })
  const runs = await (await server.call(ana, '/api/v1/runs?flow=echo')).json()
  expect(runs.items.map((run: { cause: string }) => run.cause)).toEqual(['chat', 'chat'])
})

describe('two messages at once', () => {
  test('are answered one after the other, in order', async () => {
    const { thread_id: thread } = await chat('naming', 'Hello')
    const answers = await Promise.all([chat('naming', 'Ana', thread), chat('naming', 'Oslo', thread)])
    expect(answers.map((answer) => answer.agent_response).sort()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Your town, (Ana|Oslo)\?$/)]),
    )
    const { messages } = await threadOf(thread)
    const texts = messages.map(({ text }: { text: string }) => text)
    expect([...texts].sort()).toHaveLength(6)
    expect(texts.at(-1)).toMatch(/^(Ana of Oslo|Oslo of Ana)$/)
  })

  test('with the same key are one', async () => {
    const { thread_id: thread } = await chat('echo', 'Begin')
    const answers = await Promise.all([1, 2, 3].map(() => chat('echo', 'Once', thread, { key: 'k1' })))
    expect(new Set(answers.map((answer) => answer.message_id)).size).toBe(1)
    expect((await threadOf(thread)).messages).toHaveLength(4)
  })
})

describe('an answer that is given elsewhere', () => {
  const said = async (thread: string) =>
    (await threadOf(thread)).messages.map(
      ({ role, text }: { role: string; text: string }) => `${role}: ${text}`,
    )
  const token = async (run: string, step: string) =>
    (
      await server.app.db.pool.query<{ token: string }>(
        'select token from wait where run = $1 and step = $2',
        [run, step],
      )
    ).rows[0]?.token
  const whole = ['user: Hello', 'assistant: Your **name**?', 'user: Ana', 'assistant: Your town, Ana?']

  test('to the run becomes a message of its conversation, once', async () => {
    const { thread_id: thread } = await chat('naming', 'Hello')
    const { run } = await threadOf(thread)
    const given = await server.call(ana, `/api/v1/runs/${run}/answers/name`, { body: '"Ana"' })
    expect(given.status).toBe(202)
    await expect.poll(() => said(thread)).toEqual(whole)
    // By the link to it.
    const link = await server.fetch(`/api/v1/asks/${await token(run, 'town')}/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '"Oslo"',
    })
    expect(link.status).toBe(202)
    await expect.poll(() => said(thread)).toEqual([...whole, 'user: Oslo', 'assistant: Ana of Oslo'])
    expect(await threadOf(thread)).toMatchObject({ status: 'open' })
    await Promise.all([said(thread), said(thread)])
    expect(await said(thread)).toHaveLength(6)
    // And the next message is taken as ever.
    expect(await chat('naming', 'Again', thread)).toMatchObject({ agent_response: 'Your **name**?' })
  })

  test('while nobody has heard the question yet stands behind the question', async () => {
    const { thread_id: thread } = await chat('naming', 'Hello')
    const { run } = await threadOf(thread)
    // The reply to the first answer is not heard before the second one comes.
    for (const [step, answer] of [
      ['name', '"Ana"'],
      ['town', '"Oslo"'],
    ] as const) {
      await expect.poll(async () => await token(run, step)).toBeDefined()
      expect((await server.call(ana, `/api/v1/runs/${run}/answers/${step}`, { body: answer })).status).toBe(
        202,
      )
    }
    await server.app.runtime.waitForEnd(run, 10_000)
    expect(await said(thread)).toEqual([...whole, 'user: Oslo', 'assistant: Ana of Oslo'])
  })
})

describe('a first message with a key', () => {
  const key = 'begin-1'

  test('begins one conversation and one run, however often and however fast it is sent', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => chat('echo', 'Only once', undefined, { key })))
    answers.push(await chat('echo', 'Only once', undefined, { key }))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ agent_response: 'You said: Only once', status: 'completed' })
    const { messages } = await threadOf(answers[0]?.thread_id ?? '')
    expect(messages).toHaveLength(2)
    const { items } = await (await server.call(ana, '/api/v1/chat/threads?flow=echo')).json()
    expect(items.filter(({ title }: { title: string }) => title === 'Only once')).toHaveLength(1)
  })

  test('that was used for another one is refused', async () => {
    const say = (body: object) =>
      server.call(ana, '/api/v1/chat', {
        body: { user_prompt: 'Only once', conversation_flow: 'echo', ...body },
        headers: { 'idempotency-key': key },
      })
    const { thread_id: thread } = await (await say({})).json()
    const others = [{ user_prompt: 'Other' }, { conversation_flow: 'naming' }, { user: 'eve' }]
    for (const other of [...others, { thread_id: thread, user_prompt: 'Other' }]) {
      const response = await say(other)
      expect([response.status, (await response.json()).error.code]).toEqual([422, 'idempotency_key_reused'])
    }
    expect((await say({ thread_id: thread })).status).toBe(200)
    expect((await threadOf(thread)).messages).toHaveLength(2)
  })

  test('is another workspace’s own', async () => {
    await server.addFlow(ben, echo, 'publish')
    const mine = await chat('echo', 'Only once', undefined, { key })
    const his = await chat('echo', 'Only once', undefined, { key, tenant: ben })
    expect(his.thread_id).not.toBe(mine.thread_id)
  })

  test('begins another conversation a day later', async () => {
    const before = await chat('echo', 'Only once', undefined, { key })
    const tidied = { db: server.app.db, log: server.app.log, retention: {} }
    await tidyUp(tidied)
    expect((await chat('echo', 'Only once', undefined, { key })).thread_id).toBe(before.thread_id)
    await server.app.db.pool.query(
      `update thread set created_at = created_at - interval '25 hours' where id = $1`,
      [before.thread_id],
    )
    await tidyUp(tidied)
    expect((await chat('echo', 'Only once', undefined, { key })).thread_id).not.toBe(before.thread_id)
  })
})

describe('what is remembered', () => {
  test('belongs to the thread', async () => {
    const first = await chat('count_thread', 'a')
    expect(first.agent_response).toBe('Message 1')
    expect((await chat('count_thread', 'b', first.thread_id)).agent_response).toBe('Message 2')
    expect((await chat('count_thread', 'c')).agent_response).toBe('Message 1')
  })

  test('or to the user, in all threads', async () => {
    expect((await chat('count_user', 'a', undefined, { user: 'eve' })).agent_response).toBe('Message 1')
    expect((await chat('count_user', 'b', undefined, { user: 'eve' })).agent_response).toBe('Message 2')
    expect((await chat('count_user', 'c', undefined, { user: 'mia' })).agent_response).toBe('Message 1')
  })
})

describe('streaming', () => {
  const agentFlow = flowOf('advice', [
    { id: 'chat', kind: 'chat' },
    {
      id: 'agent',
      kind: 'agent',
      config: { model: 'openai/gpt', instructions: 'Help.', prompt: '${trigger.message}' },
    },
  ])
  beforeAll(() => server.addFlow(ana, agentFlow, 'publish'))

  test('gives the answer as it is written, then the whole of it', async () => {
    model.reply({ say: 'It is sunny today', everyMs: 5 })
    const response = await server.call(ana, '/api/v1/chat', {
      body: { user_prompt: 'Weather?', conversation_flow: 'advice' },
      headers: { accept: 'text/event-stream' },
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = await readStream(response)
    const data = (name: string) =>
      events.filter(({ event }) => event === name).map((one) => JSON.parse(one.data ?? ''))
    expect(data('accepted')).toEqual([{ thread_id: expect.any(String), message_id: expect.any(String) }])
    expect(
      data('text')
        .map(({ chunk }) => chunk)
        .join(''),
    ).toBe('It is sunny today')
    expect(data('text').length).toBeGreaterThan(1)
    expect(data('reply')).toMatchObject([
      { agent_response: 'It is sunny today', status: 'completed', token_count: 18 },
    ])
  })

  test('tells what goes wrong, and the user nothing of its cause', async () => {
    model.reply({ status: 401, message: 'bad key sk-123' })
    const answer = await chat('advice', 'Weather?')
    expect(answer).toMatchObject({ status: 'failed', error: { step: 'agent' } })
    expect(answer.agent_response).toContain('Something went wrong')
    expect(answer.agent_response).not.toContain('key')
  })

  test('of a message that cannot be taken is an error', async () => {
    const response = await server.call(ana, '/api/v1/chat', {
      body: { user_prompt: 'x', conversation_flow: 'nowhere' },
      headers: { accept: 'text/event-stream' },
    })
    const events = await readStream(response)
    expect(events).toMatchObject([{ event: 'error', data: expect.stringContaining('"status":404') }])
  })
})

describe('refused are', () => {
  const ask = (body: object, tenant = ana) => server.call(tenant, '/api/v1/chat', { body })

  test('a flow that is not there, or does not talk', async () => {
    expect((await ask({ user_prompt: 'x', conversation_flow: 'nowhere' })).status).toBe(404)
    await server.addFlow(ana, flowOf('silent', [{ id: 's', kind: 'start' }]), 'publish')
    const response = await ask({ user_prompt: 'x', conversation_flow: 'silent' })
    expect(response.status).toBe(422)
    expect((await response.json()).error).toMatchObject({ code: 'not_a_conversation' })
  })

  test('threads that are none, another flow’s, or another workspace’s', async () => {
    const { thread_id: thread } = await chat('echo', 'Hi')
    const body = { user_prompt: 'x', conversation_flow: 'echo' }
    expect((await ask({ ...body, thread_id: 'x' })).status).toBe(404)
    expect((await ask({ ...body, thread_id: thread }, ben)).status).toBe(404)
    expect((await server.call(ben, `/api/v1/chat/threads/${thread}`)).status).toBe(404)
    expect((await server.call(ben, `/api/v1/chat/threads/${thread}`, { method: 'DELETE' })).status).toBe(404)
    const other = await ask({ ...body, conversation_flow: 'naming', thread_id: thread })
    expect([other.status, (await other.json()).error.code]).toEqual([409, 'wrong_flow'])
  })

  test('empty messages and strangers', async () => {
    expect((await ask({ user_prompt: '', conversation_flow: 'echo' })).status).toBe(400)
    const response = await server.fetch('/api/v1/chat', {
      method: 'POST',
      body: JSON.stringify({ user_prompt: 'x', conversation_flow: 'echo' }),
    })
    expect(response.status).toBe(401)
  })
})

test('threads are listed by flow and user, and can be deleted while their run waits', async () => {
  const { thread_id: thread } = await chat('naming', 'Delete me', undefined, { user: 'zoe' })
  const list = async () =>
    (await (await server.call(ana, '/api/v1/chat/threads?flow=naming&user=zoe')).json()).items
  expect(await list()).toMatchObject([
    { id: thread, title: 'Delete me', user: 'zoe', flow: 'naming', messages: 2 },
  ])
  const { run } = await threadOf(thread)
  expect((await server.call(ana, `/api/v1/chat/threads/${thread}`, { method: 'DELETE' })).status).toBe(204)
  expect(await list()).toEqual([])
  expect((await (await server.call(ana, `/api/v1/runs/${run}`)).json()).status).toBe('cancelled')
})
