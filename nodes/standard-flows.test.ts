import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import type { RunState } from '@/flow/run/state'
import { createServices } from '@/server/services'
import { runFlow, type FlowRun } from './testing/run-flow'

/* The standard flows with agents, each by its ways, on the offline model. */

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const offline = createServices({ env: { MILLRACE_HTTP_ALLOW: '127.0.0.1' } })
const services = offline('workspace')
afterAll(() => offline.close())

/** Runs a template with what its form is prefilled with, but for what is given. */
async function run(id: string, given: JsonObject = {}, options: Partial<FlowRun> = {}): Promise<RunState> {
  const document = documentSchema.parse(JSON.parse(readFileSync(`${folder}${id}.flow.json`, 'utf8')))
  const properties = isObject(document.input?.properties) ? document.input.properties : {}
  const prefilled = Object.entries(properties).flatMap(([name, each]): [string, Json][] =>
    isObject(each) && 'default' in each ? [[name, each.default as Json]] : [],
  )
  const trigger = { ...Object.fromEntries(prefilled), ...given }
  const state = await runFlow(document, { trigger, services, ...options })
  expect(state.error).toBeUndefined()
  return state
}

function completed(state: RunState): string[] {
  return [...state.steps.values()].filter((step) => step.status === 'completed').map((step) => step.id)
}

test('three advisers build upon each other', async () => {
  const state = await run('three_advisers')
  expect(state.output).toMatchObject({
    analysis: expect.stringContaining('I like being outside'),
    recommendation: expect.stringContaining('walking group'),
    message: expect.stringMatching(/^Dear Sakura.*a walking group/),
  })
})

describe('panel of analysts', () => {
  test('each analyst sees the topic from their side, and all are brought together', async () => {
    const { output } = await run('analyst_panel')
    expect(output).toMatchObject({
      views: [
        { role: 'technical', view: expect.stringContaining('PostgreSQL') },
        { role: 'business', view: expect.stringContaining('200 orders') },
        { role: 'usability', view: expect.stringContaining('forms') },
        { role: 'security', view: expect.stringContaining('payment data') },
      ],
    })
    expect(asText(output)).toContain('conclusion')
  })

  test('an analyst who cannot be asked does not keep the others from it', async () => {
    const analysts: JsonObject[] = [
      { role: 'absent', instructions: 'Analyse.', model: 'nobody/nothing' },
      { role: 'business', instructions: 'Analyse orders and cost.' },
    ]
    const { output } = await run('analyst_panel', { analysts })
    expect(output).toMatchObject({
      views: [{ error: { code: 'model_unknown' } }, { role: 'business' }],
      conclusion: expect.stringContaining('200 orders'),
    })
  })
})

test.each([
  ['Tell me about multithreading in Python', 'technical', 'multiprocessing'],
  ['How do I start a new business?', 'business', 'ten people'],
  ['What shall I cook tonight?', 'else', 'garlic'],
])('content router: "%s" is for %s', async (message, route, words) => {
  const { output } = await run('content_router', { message })
  expect(output).toMatchObject({ route, answer: expect.stringContaining(words), reason: expect.any(String) })
})

describe('resilient call', () => {
  test('a service that is away is asked three times, then the flow works locally', async () => {
    const state = await run('resilient_call', { url: 'http://127.0.0.1:1/' })
    expect(state.steps.get('call')).toMatchObject({ status: 'failed', attempt: 3 })
    expect(state.output).toEqual({
      message:
        'Order A-1001 is handled locally, with limited functions: shipping costs 15. The service could not be reached (http_network).',
      fallback: true,
    })
  })

  test('one that comes back in time is enough', async () => {
    let calls = 0
    const server: Server = createServer((request, response) => {
      request.resume()
      calls += 1
      response.statusCode = calls < 3 ? 503 : 200
      response.setHeader('content-type', 'application/json')
      response.end('{"shipped":true}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as AddressInfo
      const state = await run('resilient_call', { url: `http://127.0.0.1:${port}/` })
      expect(state.output).toEqual({
        message: 'Order A-1001 is processed: {"shipped":true}.',
        fallback: false,
      })
      expect(calls).toBe(3)
    } finally {
      server.close()
    }
  })
})

test('bike insights: money, mood and stock come together', async () => {
  const { output } = await run('bike_insights')
  expect(output).toMatchObject({
    revenue: { total: 39_050, best_store: 'Hill Bikes', best_bike: 'EB-100' },
    mood: { positive: 2, negative: 1, rating: 3.5 },
    summary: expect.stringMatching(/brakes were bad.*Scott Trail/s),
  })
})

describe('quality check', () => {
  test('an answer is criticized until it passes, and its score decides the way', async () => {
    const state = await run('quality_check')
    expect(completed(state)).toContain('send')
    expect(state.output).toMatchObject({
      answer: expect.stringContaining('The price of the delivery is 4.90 EUR'),
      score: expect.any(Number),
    })
    const acts = state.steps.get('answer')?.acts?.map(({ name }) => name)
    expect(acts).toEqual(['model#1', 'evaluation#1', 'model#2', 'evaluation#2', 'model#3', 'evaluation#3'])
  })

  test('one that passes at once is not tried again', async () => {
    const state = await run('quality_check', { question: 'Can I send the lamp back?' })
    expect(state.steps.get('answer')?.acts).toHaveLength(2)
  })
})

describe('balance inquiry', () => {
  const chat = (message: string) =>
    run('balance_inquiry', {}, { node: 'message', trigger: { message, thread: 't', user: null } })

  test.each([
    [{ account_number: '12345' }, 2547.83],
    [{ account_number: '', ssn_last_four: '8765' }, 81.2],
  ])('with %j an assistant is told the balance, and what to say', async (given, balance) => {
    const state = await run('balance_inquiry', given)
    expect(state.output).toMatchObject({ balance })
    expect(completed(state)).toContain('tell')
  })

  test('without a number, and with a wrong one, it is asked for', async () => {
    const asked = await run('balance_inquiry', { account_number: '' })
    expect(asked.output).toMatchObject({ answer: expect.stringContaining('verify your identity') })
    const wrong = await run('balance_inquiry', { account_number: '99999' })
    expect(wrong.output).toMatchObject({ answer: expect.stringContaining('do not find that account') })
  })

  test('a customer who writes is understood', async () => {
    expect((await chat('What is my balance?')).output).toMatchObject({ verified: false })
    const told = await chat('My account number is 12345')
    expect(told.output).toMatchObject({ answer: expect.stringContaining('USD 2,547.83'), balance: 2547.83 })
    const byDigits = await chat('The last four digits are 8765.')
    expect(byDigits.output).toMatchObject({ account_id: '67890' })
  })
})

test('task manager: what one message leaves is there for the next', async () => {
  const document = documentSchema.parse(JSON.parse(readFileSync(`${folder}task_manager.flow.json`, 'utf8')))
  let tasks: JsonObject = document.state
  const say = async (message: string) => {
    const state = await runFlow({ ...document, state: tasks }, { trigger: { message }, services })
    expect(state.error).toBeUndefined()
    tasks = state.state
    return isObject(state.output) ? String(state.output.answer) : ''
  }
  expect(await say('List my tasks')).toBe('Your list is empty.')
  expect(await say('Add task: Review documentation')).toContain('**1** Review documentation')
  expect(await say('Please add the task: Call Ana')).toContain('**2** Call Ana')
  expect(await say('Complete task 1')).toContain('~~Review documentation~~')
  expect(await say('Complete task 9')).toMatch(/^Which task\?/)
  expect(await say('Delete task 1')).toBe('Deleted. Your tasks:\n\n- **2** Call Ana')
  expect(await say('Good morning')).toMatch(/^I can add/)
})

test('classify messages: each has a label, with how sure it is and why', async () => {
  const { output } = await run('message_classification')
  expect(output).toMatchObject({
    counts: { billing: 1, technical: 1, sales: 1, praise: 1, other: 1 },
    messages: [
      { label: 'billing', reason: expect.stringContaining('refund') },
      { label: 'technical' },
      { label: 'sales' },
      { label: 'praise' },
      { label: 'other', confidence: 0.2 },
    ],
  })
})

describe('requirement clarifier', () => {
  test('a request that says enough is planned at once', async () => {
    const state = await run('requirement_clarifier')
    expect(state.output).toMatchObject({ score: 100, turns: 0 })
  })

  test('a vague one is asked about, and handed over when nobody answers', async () => {
    const state = await run('requirement_clarifier', { message: 'Create something nice' })
    expect(completed(state)).toContain('later')
    const asked = await run(
      'requirement_clarifier',
      { message: 'A web shop for our customers' },
      { answers: { clarify: 'It must search and take orders, by the end of May' } },
    )
    expect(asked.output).toMatchObject({ score: 100, turns: 1 })
  })
})
