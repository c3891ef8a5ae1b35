import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { documentSchema } from '@/flow/document'
import type { Json, JsonObject } from '@/flow/json'
import { makeCollection, storeDocument } from './knowledge/collections'
import { testApp, type Tenant, type TestApp } from './testing/test-app'

/*
 * The standard flows that talk, look up or ask a database, end to end on the offline model: published, spoken to as a program
 * does it, run by the real runtime.
 */

const flows = [
  'profile_creation',
  'card_replacement',
  'balance_inquiry',
  'task_manager',
  'requirement_clarifier',
  'knowledge_base',
  'sql_manipulation',
]

let server: TestApp
let ana: Tenant
let shop: TestDatabase

beforeAll(async () => {
  shop = await testDatabase()
  await shop.db.pool.query(`
    create table orders (id int primary key, customer text, total numeric);
    insert into orders values (1, 'Ana', 20.5), (2, 'Ben', 100), (3, 'Ana', 9.5)`)
  server = await testApp()
  ana = await server.addTenant('ana')
  const folder = fileURLToPath(new URL('../examples/', import.meta.url))
  for (const id of flows) {
    const document = documentSchema.parse(JSON.parse(readFileSync(`${folder}${id}.flow.json`, 'utf8')))
    await server.addFlow(ana, document, 'publish')
  }
})
afterAll(async () => {
  await server.close()
  await shop.drop()
})

interface Answer {
  thread_id: string
  agent_response: string
  status: string
  prompt_guidance?: string
  next_action?: string
}

/** A conversation with a flow, turn by turn. */
function talk(flow: string) {
  let thread: string | undefined
  return async (prompt: string): Promise<Answer> => {
    const response = await server.call(ana, '/api/v1/chat', {
      body: { user_prompt: prompt, conversation_flow: flow, ...(thread ? { thread_id: thread } : {}) },
    })
    const answer = await response.json()
    if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
    thread = answer.thread_id
    return answer
  }
}

interface Run {
  id: string
  status: string
  output: Json
  steps: { step: string; status: string }[]
}

async function begin(flow: string, input: JsonObject, wait = 10): Promise<Run> {
  const body = { input, version: 'live', wait }
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

describe('profile creation', () => {
  test('asks for one thing after the other, takes corrections, and stores what was confirmed', async () => {
    const say = talk('profile_creation')
    expect((await say('I want to create a profile')).agent_response).toBe('What is your full name?')
    expect((await say('My name is John Doe')).agent_response).toBe('What is your birth date?')
    expect((await say('15/01/1990')).agent_response).toMatch(/^What time were you born/)
    const why = await say('What do you need my time of birth for?')
    expect(why.agent_response).toMatch(/ascendant[^]*What time were you born/)
    expect((await say('at 2:30 pm')).agent_response).toMatch(/^Where were you born/)
    const shown = await say('New York, USA')
    expect(shown).toMatchObject({ status: 'waiting' })
    for (const known of ['John Doe', '1990-01-15', '14:30', 'New York, USA']) {
      expect(shown.agent_response).toContain(known)
    }
    const corrected = await say('No, the time is 16:45')
    expect(corrected.agent_response).toContain('16:45')
    expect(corrected.agent_response).not.toContain('14:30')
    expect(await say('Yes, that is right')).toMatchObject({
      agent_response: expect.stringMatching(/Profile created![^]*John Doe[^]*1990-01-15[^]*16:45/),
      status: 'completed',
      next_action: 'offer_services',
    })
  })

  test('takes everything at once, and asks for a city that it finds', async () => {
    const say = talk('profile_creation')
    const shown = await say(
      'My name is Jana Malá, I was born in Lhota, Czech Republic on 3 May 1988 at 7:05 am',
    )
    expect(shown.agent_response).toMatch(/Is this right\?[^]*Jana Malá[^]*1988-05-03[^]*07:05[^]*Lhota/)
    expect((await say('yes')).agent_response).toMatch(/do not find Lhota.*Which larger city is near\?/)
    expect((await say('Prague')).agent_response).toContain('Profile created!')
  })
})

describe('card replacement', () => {
  test('a customer who lost a card is asked which it is, and gets another', async () => {
    const say = talk('card_replacement')
    expect((await say('I lost my card')).agent_response).toBe('What are the last four digits of the card?')
    const shown = await say('1234')
    expect(shown.agent_response).toMatch(/Is this right\?[^]*1234[^]*lost/)
    expect(await say('yes')).toMatchObject({
      agent_response: expect.stringMatching(
        /^The old card is blocked\. A new debit card is on its way to 12 Harbour/,
      ),
      status: 'success',
      next_action: 'offer_additional_help',
    })
  })

  test('an assistant is told what is missing, and what has become of it', async () => {
    expect(await begin('card_replacement', { last_four: '5678', reason: 'damaged' })).toMatchObject({
      status: 'completed',
      output: {
        blocked: false,
        message: expect.stringContaining('credit card is on its way to Calle Mayor 3'),
      },
    })
    const unknown = await begin('card_replacement', { last_four: '0000', reason: 'lost' })
    expect(unknown.output).toEqual({
      message: 'I do not find a card with these last four digits. Which are they?',
    })
  })
})

test('balance inquiry: the first message asks, the next is told the balance', async () => {
  const say = talk('balance_inquiry')
  expect(await say('What is my balance?')).toMatchObject({
    agent_response: expect.stringContaining('verify your identity'),
    status: 'pending',
    next_action: 'retry_verification',
  })
  expect(await say('My account number is 67890')).toMatchObject({
    agent_response: expect.stringContaining('USD 81.20'),
    status: 'success',
  })
})

test('task manager: what was noted in one conversation is there in the next', async () => {
  const first = talk('task_manager')
  expect((await first('Add task: Review documentation')).agent_response).toContain('Review documentation')
  expect((await first('Complete task 1')).agent_response).toContain('~~Review documentation~~')
  const second = talk('task_manager')
  expect((await second('List my tasks')).agent_response).toContain('~~Review documentation~~')
  await second('Add task: Call Bob')
  expect((await second('complete 2')).agent_response).toContain('~~Call Bob~~')
})

test('requirement clarifier: a vague request is asked about until it is clear', async () => {
  const say = talk('requirement_clarifier')
  const asked = await say('Create something nice')
  expect(asked).toMatchObject({ status: 'waiting', agent_response: expect.stringContaining('platform') })
  const again = await say('A web application for our customers')
  expect(again.agent_response).not.toContain('platform')
  expect(await say('They search and order spare parts, by the end of May')).toMatchObject({
    status: 'success',
    next_action: 'start_work',
    agent_response: expect.stringMatching(/Create something nice[^]*spare parts/),
  })
})

describe('knowledge base', () => {
  test('before there are documents a sample answers, and says so', async () => {
    const { output } = await begin('knowledge_base', { message: 'May I work from abroad?' })
    expect(output).toMatchObject({
      answer: expect.stringContaining('20 days a year'),
      sources: [expect.stringMatching(/^sample handbook, 2/)],
      sample: true,
    })
  })

  test('documents that were uploaded answer with their sources', async () => {
    const caller = {
      user: { id: ana.userId, email: ana.email, name: 'Ana' },
      workspaceId: ana.workspaceId,
      workspaceName: 'ana',
      role: 'admin',
      by: 'key',
    } as const
    const words = { id: 'handbook', name: 'Handbook', description: '', language: 'english' } as const
    await makeCollection(server.app, caller, words)
    const text =
      '# Travel\n\nTrains are booked in second class.\n\n# Dogs\n\nDogs are welcome in the office on Fridays.'
    await storeDocument(server.app, caller, {
      collection: 'handbook',
      name: 'office.md',
      mediaType: 'text/markdown',
      bytes: new TextEncoder().encode(text),
    })
    const say = talk('knowledge_base')
    const { agent_response: answer } = await say('Are dogs welcome in the office?')
    expect(answer).toMatch(/Dogs are welcome in the office on Fridays[^]*office\.md/)
    expect(await say('What is the meaning of life?')).toMatchObject({ status: 'not_found' })
  })
})

describe('ask a database', () => {
  test('without one it says what to do', async () => {
    const { output } = await begin('sql_manipulation', { message: 'How many orders are there?' })
    expect(output).toMatchObject({ answer: expect.stringContaining('SHOP_DATABASE') })
  })

  test('a question is answered with its SQL; a change waits for a person', async () => {
    await server.app.secrets.write(ana.workspaceId, 'SHOP_DATABASE', shop.url)
    const say = talk('sql_manipulation')
    expect((await say('How many orders are there?')).agent_response).toContain('count: 3')
    const { output } = await begin('sql_manipulation', {
      message: 'What is the total of the orders per customer?',
    })
    expect(output).toMatchObject({ sql: expect.stringContaining('group by customer') })
    const change = await begin('sql_manipulation', { message: 'Delete the orders of Ben' }, 0)
    await until(change.id, 'waiting')
    await server.call(ana, `/api/v1/runs/${change.id}/answers/approve`, { body: { decision: 'rejected' } })
    expect(await until(change.id, 'completed')).toMatchObject({
      output: { answer: expect.stringContaining('left as it is') },
    })
    expect((await shop.db.pool.query('select 1 from orders')).rowCount).toBe(3)
  })
})
