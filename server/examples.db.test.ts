import { readdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { printDocument } from '@/flow/formats/json'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { validate } from '@/flow/validate'
import { definitions, kinds } from '@/nodes/definitions'
import { startMcpServer, type TestMcpServer } from './mcp/testing/mcp-server'
import { startMailServer, type MailServer } from './mail/testing/mail-server'
import { testApp, type Tenant, type TestApp } from './testing/test-app'

/*
 * The small example of each kind, end to end: published, started through the API, run by the real runtime, with a mail
 * server, a web server and a database of its own to work on.
 */

const folder = fileURLToPath(new URL('../examples/kinds/', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.flow.json'))
const documents = files.map((file) =>
  documentSchema.parse(JSON.parse(readFileSync(`${folder}${file}`, 'utf8'))),
)

/** Nothing that is asked of the runtime here takes longer; of the hour that a loser would wait nothing is waited for. */
const waitSeconds = 10

let server: TestApp
let ana: Tenant
let mail: MailServer
let web: Server
let webUrl: string
let shop: TestDatabase
let tools: TestMcpServer
/** What the web server was sent. */
const posted: unknown[] = []

beforeAll(async () => {
  mail = await startMailServer()
  web = createServer((request, response) => {
    const answer = (body: Json) => response.end(JSON.stringify(body))
    response.setHeader('content-type', 'application/json')
    if (request.method === 'GET') return void answer({ temperature: request.url?.includes('Oslo') ? -3 : 20 })
    void json(request).then((body) => {
      posted.push(body)
      answer({ ok: true })
    })
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  shop = await testDatabase()
  await shop.db.pool.query(`
    create table orders (id int primary key, customer text, total numeric);
    insert into orders values (1, 'Ana', 20.5), (2, 'Ben', 100), (3, 'Ana', 9.5)`)
  server = await testApp({ SMTP_URL: mail.url, MILLRACE_HTTP_ALLOW: '127.0.0.1' })
  ana = await server.addTenant('ana')
  await server.app.secrets.write(ana.workspaceId, 'SHOP_DATABASE', shop.url)
  await server.app.secrets.write(ana.workspaceId, 'SLACK_WEBHOOK', `${webUrl}/hook`)
  tools = await startMcpServer()
  await server.call(ana, '/api/v1/mcp-servers/shop', { method: 'PUT', body: { url: tools.url } })
  await server.call(ana, '/api/v1/knowledge', { body: { id: 'handbook', name: 'Handbook' } })
  await server.fetch('/api/v1/knowledge/handbook/documents?name=rules.md', {
    method: 'POST',
    headers: ana.headers,
    body: '# Returns\nBikes may be returned within 30 days.\n# Delivery\nDelivery is free.',
  })
  for (const document of documents) await server.addFlow(ana, document, 'publish')
})
afterAll(async () => {
  await server.close()
  await mail.close()
  await tools.close()
  web.close()
  await shop.drop()
})

/** What the run form is prefilled with. */
function prefilled(document: FlowDocument | undefined): JsonObject {
  const properties = document?.input?.properties
  const entries = Object.entries(isObject(properties) ? properties : {})
  return Object.fromEntries(
    entries.flatMap(([name, each]) => (isObject(each) && 'default' in each ? [[name, each.default]] : [])),
  ) as JsonObject
}

interface Run {
  id: string
  status: string
  output: Json
  error?: { code: string; message: string }
  steps: { step: string; status: string; output: Json }[]
}

async function begin(flow: string, input: JsonObject = {}, wait = waitSeconds): Promise<Run> {
  const document = documents.find(({ id }) => id === flow)
  const body = { input: { ...prefilled(document), ...input }, version: 'live', wait }
  return (await server.call(ana, `/api/v1/flows/${flow}/runs`, { body })).json()
}

async function until(id: string, status: string): Promise<Run> {
  for (;;) {
    const run: Run = await (await server.call(ana, `/api/v1/runs/${id}`)).json()
    if (run.status === status) return run
    if (['completed', 'failed', 'cancelled'].includes(run.status)) throw new Error(JSON.stringify(run))
    await delay(10)
  }
}

/** Until the run has asked so many times. */
async function untilAsked(id: string, times: number): Promise<void> {
  for (;;) {
    const history = await (await server.call(ana, `/api/v1/runs/${id}/events`)).text()
    if (history.split('"step_waiting"').length > times) return
    await delay(10)
  }
}

const answer = (run: Run, step: string, given: Json) =>
  server.call(ana, `/api/v1/runs/${run.id}/answers/${step}`, { body: JSON.stringify(given) })
const completed = (run: Run) =>
  run.steps.filter(({ status }) => status === 'completed').map(({ step }) => step)

test('each kind has an example, which has no problem, uses it, and is written as the editor writes it', () => {
  expect(documents.map(({ id }) => id)).toEqual(Object.keys(definitions).sort())
  for (const [index, document] of documents.entries()) {
    expect(validate(document, kinds, Date.now())).toEqual([])
    expect(document.nodes.map(({ kind }) => kind)).toContain(document.id)
    expect(files[index]).toBe(`${document.id}.flow.json`)
    expect(readFileSync(`${folder}${files[index]}`, 'utf8')).toBe(printDocument(document))
    expect(
      new Set(document.nodes.map(({ parent, position }) => JSON.stringify([parent, position]))).size,
    ).toBe(document.nodes.length)
  }
})

test.each<[flow: string, input: JsonObject, output: Json]>([
  ['start', {}, { greeting: 'Hello Ana' }],
  ['schedule', { at: '2026-03-02T08:00:00Z', report: 'week' }, 'Report of the week for 2026-03-02T08:00:00Z'],
  ['classify', {}, 'For accounting, because: Found: invoice, refund'],
  ['classify', { message: 'The API does not work' }, 'For support, because: Found: does not work, API'],
  ['classify', { message: 'Hello' }, 'For whoever has time'],
  ['router', {}, 'The engineer answers: How does programming with several threads work?'],
  ['clarify', {}, 'By 2027-05-01 for ana@example.com'],
  ['condition', {}, 'An order of 250 is looked at by a person.'],
  ['condition', { total: 5 }, 'An order of 5 goes out at once.'],
  ['switch', {}, { hours: 8 }],
  ['switch', { priority: 'normal' }, { hours: 40 }],
  ['parallel', {}, { net: 100, tax: 20 }],
  ['join', {}, { memory: 'Found the contract of 2019' }],
  ['for_each', {}, { orders: 3, total: 42 }],
  ['loop', {}, { amount: 96, rounds: 5 }],
  ['jump', {}, 'Good after 3 drafts'],
  ['jump', { wanted: 9 }, 'Not good after 4 drafts'],
  ['call_flow', {}, 'The title has 6 words'],
  ['split', { customer: 'c-1001' }, { offer: 'usual' }],
  ['split', { customer: 'c-1006' }, { offer: 'new' }],
  ['complete', {}, { status: 'empty' }],
  ['complete', { items: [1, 2] }, { status: 'packed', items: 2 }],
  ['sql_query', {}, { orders: 2, total: 30 }],
  ['sql_query', { customer: "' or true --" }, { orders: 0, total: 0 }],
  ['knowledge', {}, '# Returns\nBikes may be returned within 30 days. (rules.md, Returns)'],
  ['knowledge', { question: 'Unicorns?' }, 'The handbook says nothing about it.'],
  [
    'sql_agent',
    {},
    'Offline model: 2 rows:\n- customer: Ben, total: 100\n- customer: Ana, total: 30\n\nselect customer, sum(total) as total from orders group by customer order by 2 desc limit 50',
  ],
  ['mcp_tool', {}, 'We have 4 of bike.'],
  ['transform', {}, { words: 6, letters: 26 }],
  ['set_state', {}, 'Ana has gold'],
  ['text', {}, 'Dear Ana,\n\nyour 2 items are ready: book, lamp.'],
  ['code', {}, { primes: [2, 3, 5, 7, 11, 13, 17, 19, 23, 29] }],
  ['log', {}, { order: 1001 }],
  ['wait', { pause: 'PT0.05S' }, 'Remember: water the plants'],
])('%s %j gives %j', async (flow, input, output) => {
  const run = await begin(flow, input)
  expect(run.error ?? null).toBeNull()
  expect(run.status).toBe('completed')
  expect(run.output).toEqual(output)
})

test('agent: a complaint is read into the shape that was asked for', async () => {
  const run = await begin('agent')
  expect(run.output).toEqual({
    mood: expect.stringMatching(/^(angry|neutral|happy)$/),
    answer: expect.any(String),
  })
})

test('fail: the run fails with the code and the sentence of the flow', async () => {
  expect(await begin('fail')).toMatchObject({
    status: 'failed',
    error: { code: 'out_of_stock', message: 'Only 2 left, 5 wanted.' },
  })
  expect(await begin('fail', { stock: 9 })).toMatchObject({ status: 'completed', output: { reserved: 5 } })
})

test('join: the loser is cancelled', async () => {
  const run = await begin('join')
  expect(run.steps.find(({ step }) => step === 'archive')).toMatchObject({ status: 'cancelled' })
})

test('webhook: the caller gets the answer of the flow', async () => {
  const response = await server.fetch('/hooks/examples/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'A-7' }),
  })
  expect(response.status).toBe(201)
  expect(await response.json()).toEqual({ order: 'A-7', status: 'taken' })
})

test('http_request: the answer goes on, and a server that is away leads to the error port', async () => {
  expect(await begin('http_request', { address: webUrl })).toMatchObject({
    output: 'In Oslo it is -3 degrees',
  })
  const run = await begin('http_request', { address: 'http://127.0.0.1:1/' })
  expect(run).toMatchObject({ status: 'completed', output: 'Nobody knows (http_network)' })
})

test('email: the mail server has the message', async () => {
  expect(await begin('email')).toMatchObject({
    status: 'completed',
    output: 'Mail is on its way to ana@example.com',
  })
  expect(mail.received).toHaveLength(1)
  expect(mail.received[0]).toMatchObject({ from: 'shop@example.com', to: ['ana@example.com'] })
  expect(mail.received[0]?.source).toContain('thank you for your order 1001')
})

test('notify: the channel has the message, and the history does not hold its address', async () => {
  const run = await begin('notify')
  expect(run).toMatchObject({ status: 'completed', output: { status: 200 } })
  expect(posted).toEqual([expect.objectContaining({ text: 'Order 1001 needs a look.' })])
  const history = await (await server.call(ana, `/api/v1/runs/${run.id}/events`)).text()
  expect(history).toContain('step_completed')
  expect(history).not.toContain(webUrl)
})

test('sql_query: the history does not hold the address of the database', async () => {
  const run = await begin('sql_query')
  const history = await (await server.call(ana, `/api/v1/runs/${run.id}/events`)).text()
  expect(history).toContain('SHOP_DATABASE')
  expect(history).not.toContain('postgres://')
})

describe('ask', () => {
  test('an answer that does not fit is refused by field and leaves the question open; one that fits goes on', async () => {
    const run = await begin('ask', {}, 0)
    await until(run.id, 'waiting')
    for (const [given, words] of [
      [{ discount: 90 }, 'discount'],
      [{ reason: 'none' }, 'discount'],
      ['5', 'object'],
    ] as const) {
      const refused = await answer(run, 'offer', given)
      expect(refused.status).toBe(422)
      const { error } = await refused.json()
      expect(error).toMatchObject({ code: 'answer_invalid', message: expect.stringContaining(words) })
      expect((await until(run.id, 'waiting')).status).toBe('waiting')
    }
    expect((await answer(run, 'offer', { discount: 15 })).status).toBeLessThan(300)
    const over = await until(run.id, 'completed')
    expect(over.output).toBe('Dear Acme, you get 15 % off.')
    const late = await answer(run, 'offer', { discount: 20 })
    expect(late.status).toBe(409)
  })
})

test('clarify: what is not said is asked for, turn by turn', async () => {
  const run = await begin('clarify', { message: 'Build a shop for us.' }, 0)
  for (const [turn, said] of ['Write to ben@example.com', 'It must open by 2027-06-01.'].entries()) {
    await untilAsked(run.id, turn + 1)
    expect((await answer(run, 'clarify', said)).status).toBeLessThan(300)
  }
  const over = await until(run.id, 'completed')
  expect(over.output).toBe('By 2027-06-01 for ben@example.com')
})

test('collect: what is missing is asked for, checked and confirmed', async () => {
  const run = await begin('collect', {}, 0)
  for (const [turn, said] of ['ana at example', 'ana@example.com', 'Yes'].entries()) {
    await untilAsked(run.id, turn + 1)
    expect((await answer(run, 'profile', said)).status).toBeLessThan(300)
  }
  const over = await until(run.id, 'completed')
  expect(over.output).toBe('Welcome, Ana Novak! We write to ana@example.com.')
})

test('chat: a message begins the run, and the next one answers what it asks', async () => {
  const say = async (text: string, thread?: string) => {
    const body = { user_prompt: text, conversation_flow: 'chat', ...(thread ? { thread_id: thread } : {}) }
    return (await server.call(ana, '/api/v1/chat', { body })).json()
  }
  const asked = await say('Good morning')
  expect(asked).toMatchObject({ agent_response: 'What is your name?', status: 'waiting' })
  expect(await say('Ana', asked.thread_id)).toMatchObject({
    agent_response: 'Nice to meet you, Ana. You said: Good morning',
    status: 'success',
    next_action: 'offer_help',
  })
})

test('approval: what the person decides is the way on', async () => {
  const run = await begin('approval', {}, 0)
  await until(run.id, 'waiting')
  await answer(run, 'sign_off', { decision: 'rejected', comment: 'too dear' })
  const over = await until(run.id, 'completed')
  expect(over.output).toEqual({ status: 'rejected', why: 'too dear' })
  expect(completed(over)).not.toContain('pay')
})

test('send_event and wait_for_event: the run that waits for this order goes on', async () => {
  const [mine, other] = [
    await begin('wait_for_event', { order: 'A-1' }, 0),
    await begin('wait_for_event', { order: 'A-2' }, 0),
  ]
  await Promise.all([until(mine.id, 'waiting'), until(other.id, 'waiting')])
  expect(await begin('send_event', { order: 'A-1' })).toMatchObject({ output: { delivered: 1 } })
  expect(await until(mine.id, 'completed')).toMatchObject({ output: 'Order A-1 is paid with 120: ship it' })
  expect(await until(other.id, 'waiting')).toMatchObject({ status: 'waiting' })
})

test('event: a large order begins a run, a small one does not', async () => {
  const send = async (id: number, total: number) => {
    const body = { name: 'example.order.created', data: { id, total } }
    return (await server.call(ana, '/api/v1/events', { body })).json()
  }
  expect(await send(1, 5)).toEqual({ delivered: 0 })
  expect(await send(2, 5_000)).toEqual({ delivered: 1 })
  for (let found: Run[] = []; found.length === 0; await delay(10)) {
    const { items } = await (await server.call(ana, '/api/v1/runs?flow=event&status=completed')).json()
    found = items
    if (found[0])
      expect(await until(found[0].id, 'completed')).toMatchObject({ output: 'Order 2 is worth 5000' })
  }
})
