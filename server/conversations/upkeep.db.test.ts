import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { listStaleThreads } from '@/db/threads'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'
import { readHistory } from './history'
import { deleteStale } from './upkeep'

let server: TestApp
let ana: Tenant

beforeAll(async () => {
  server = await testApp()
  ana = await server.addTenant('ana')
  await server.addFlow(ana, approving, 'publish')
  await server.addFlow(ana, naming, 'publish')
})
afterAll(() => server.close())

/** Waits for a person who is not part of the conversation before it answers. */
const approving = flowOf(
  'approving',
  [
    { id: 'chat', kind: 'chat' },
    { id: 'sign', kind: 'approval', config: { title: 'Refund?' } },
    { id: 'yes', kind: 'text', config: { text: 'Your refund is granted.' } },
  ],
  {
    edges: [
      { from: 'chat', to: 'sign' },
      { from: 'sign', port: 'approved', to: 'yes' },
    ],
  },
)

const naming = flowOf(
  'naming',
  [
    { id: 'chat', kind: 'chat' },
    { id: 'keep', kind: 'set_state', config: { values: { said: '${trigger.message}' } } },
    { id: 'name', kind: 'ask', config: { question: 'Your name?', channel: 'chat', timeout: 'P90D' } },
    { id: 'reply', kind: 'text', config: { text: 'Hello ${input}' } },
  ],
  {
    edges: [
      { from: 'chat', to: 'keep' },
      { from: 'keep', to: 'name' },
      { from: 'name', port: 'answered', to: 'reply' },
    ],
  },
)

const say = (flow: string, text: string, thread?: string, limitMs = 10_000) =>
  server.app.conversations.say(
    {
      workspaceId: ana.workspaceId,
      flow,
      ...(thread ? { thread } : {}),
      text,
      person: null,
      link: null,
      key: null,
    },
    { limitMs },
  )
const threadOf = async (id: string) => (await server.call(ana, `/api/v1/chat/threads/${id}`)).json()
const textsOf = async (id: string) => (await threadOf(id)).messages.map(({ text }: { text: string }) => text)

describe('an answer that takes longer', () => {
  test('is among the messages when it is there, and what was said meanwhile is answered then', async () => {
    const late = await say('approving', 'My money, please', undefined, 200)
    expect(late).toMatchObject({ status: 'running', text: '' })
    expect(await threadOf(late.threadId)).toMatchObject({ status: 'running' })
    const next = await say('approving', 'Hello?', late.threadId, 100)
    expect(next.status).toBe('running')
    const { run } = await threadOf(late.threadId)
    await server.call(ana, `/api/v1/runs/${run}/answers/sign`, { body: '"approved"' })
    await vi.waitFor(
      async () =>
        expect(await textsOf(late.threadId)).toEqual([
          'My money, please',
          'Your refund is granted.',
          'Hello?',
        ]),
      { timeout: 10_000 },
    )
    // The second message has a run of its own now, which waits for an approval in its turn.
    expect((await threadOf(late.threadId)).run).not.toBe(run)
  })
})

describe('a message that was stored by a process that died', () => {
  test('is answered by whoever looks next', async () => {
    const { threadId } = await say('naming', 'Hi')
    // As it is when the process dies between taking the message and giving it to the run.
    await server.app.db.pool.query(
      `with t as (update thread set last_seq = last_seq + 1 where id = $1 returning last_seq)
       insert into message (workspace_id, thread, seq, id, role, text, delivered)
       select $2, $1, last_seq, gen_random_uuid(), 'user', 'Ana', false from t`,
      [threadId, ana.workspaceId],
    )
    await vi.waitFor(
      async () => expect(await textsOf(threadId)).toEqual(['Hi', 'Your name?', 'Ana', 'Hello Ana']),
      { timeout: 10_000 },
    )
  })

  test('is answered even when nobody looks', async () => {
    const { threadId } = await say('naming', 'Hi')
    await server.app.db.pool.query(
      `with t as (update thread set last_seq = last_seq + 1 where id = $1 returning last_seq)
       insert into message (workspace_id, thread, seq, id, role, text, delivered, at)
       select $2, $1, last_seq, gen_random_uuid(), 'user', 'Bo', false, now() - interval '1 minute' from t`,
      [threadId, ana.workspaceId],
    )
    const spoken = async () =>
      (await server.app.db.pool.query('select text from message where thread = $1 order by seq', [threadId]))
        .rows
    await vi.waitFor(async () => expect(await spoken()).toContainEqual({ text: 'Hello Bo' }), {
      timeout: 10_000,
    })
  })
})

test('a question whose time is over is not answered by the next message', async () => {
  const { threadId } = await say('naming', 'Hi')
  const { run } = await threadOf(threadId)
  await server.app.runtime.cancel({ workspaceId: ana.workspaceId, runId: run })
  const answer = await say('naming', 'Ana', threadId)
  expect(answer.text).toBe('Your name?')
  expect(await textsOf(threadId)).toEqual([
    'Hi',
    'Your name?',
    expect.stringContaining('stopped'),
    'Ana',
    'Your name?',
  ])
})

test('what was said is told to the steps without what is being answered', async () => {
  const { threadId } = await say('naming', 'Hi')
  await say('naming', 'Ana', threadId)
  await say('naming', 'Again', threadId)
  const history = await readHistory(server.app.db, ana.workspaceId, threadId, 3)
  expect(history).toEqual([
    { role: 'assistant', text: 'Hello Ana' },
    { role: 'user', text: 'Again' },
    { role: 'assistant', text: 'Your name?' },
  ])
  expect(await readHistory(server.app.db, 'another', threadId, 3)).toEqual([])
  expect(await readHistory(server.app.db, ana.workspaceId, 'not-a-thread', 3)).toEqual([])
})

test('conversations that nobody went on with go, with what was remembered and the run that waits', async () => {
  const old = await say('naming', 'Old')
  const young = await say('naming', 'Young')
  const { run } = await threadOf(old.threadId)
  for (const table of ['thread', 'flow_context'])
    await server.app.db.pool.query(
      `update ${table} set updated_at = now() - interval '40 days'
       where ${table === 'thread' ? 'id = $1::uuid' : "subject = 'thread ' || $1::text"}`,
      [old.threadId],
    )
  const keepMs = 30 * 24 * 3_600_000
  expect(await deleteStale({ ...server.app, keepMs })).toBe(1)
  expect((await server.call(ana, `/api/v1/chat/threads/${old.threadId}`)).status).toBe(404)
  expect((await server.call(ana, `/api/v1/chat/threads/${young.threadId}`)).status).toBe(200)
  expect((await (await server.call(ana, `/api/v1/runs/${run}`)).json()).status).toBe('cancelled')
  const contexts = await server.app.db.pool.query('select subject from flow_context where subject like $1', [
    `%${old.threadId}`,
  ])
  expect(contexts.rows).toEqual([])
  expect(await listStaleThreads(server.app.db, keepMs, 10)).toEqual([])
})
