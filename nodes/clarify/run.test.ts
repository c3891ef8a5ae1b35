import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { documentSchema, nodeSchema } from '@/flow/document'
import type { Outcome } from '@/flow/kind'
import { startOpenAIServer, type OpenAIServer } from '@/server/models/testing/openai-server'
import { modelsAt, offline } from '../testing/models'
import { doneOf, perform, resume } from '../testing/perform'
import { talk } from '../testing/talk'
import { definition } from './definition'

let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())
beforeEach(() => server.requests.splice(0))

const about = 'What is to be built, for whom, and by when'
const judged = (score: number, question = 'For whom?') =>
  server.reply({ say: JSON.stringify({ score, missing: [], question }) })
const titleOf = (outcome: Outcome) =>
  outcome.type === 'wait' && outcome.wait.for === 'answer' ? outcome.wait.title : null

describe('a request', () => {
  const vague = () =>
    talk('clarify', { about }, { input: 'Create something nice', services: modelsAt(server.url) })

  test('that is clear at once is not asked about', async () => {
    judged(90)
    const outcome = await vague().begin()
    expect(doneOf(outcome)).toEqual({
      port: 'clear',
      output: { request: 'Create something nice', score: 90, turns: 0 },
    })
    expect(outcome).toMatchObject({ score: 90 })
  })

  test('that is vague is asked about in the conversation until it is clear', async () => {
    const talking = vague()
    judged(30)
    const waiting = await talking.begin()
    expect(waiting).toMatchObject({
      type: 'wait',
      wait: { for: 'answer', title: 'For whom?', channel: 'chat', schema: { type: 'string' } },
    })
    judged(60, 'By when?')
    expect(titleOf(await talking.say('For our customers'))).toBe('By when?')
    judged(85)
    const output = {
      request: 'Create something nice\n\nFor whom?\nFor our customers\n\nBy when?\nIn May',
      ...{ score: 85, turns: 2 },
    }
    expect(doneOf(await talking.say('In May'))).toEqual({ port: 'clear', output })
    expect(server.requests).toHaveLength(3)
    expect(server.requests[2]?.body.messages.slice(1)).toEqual([
      { role: 'user', content: 'Create something nice' },
      { role: 'assistant', content: 'For whom?' },
      { role: 'user', content: 'For our customers' },
      { role: 'assistant', content: 'By when?' },
      { role: 'user', content: 'In May' },
    ])
  })

  test('that stays vague is given up after so many questions', async () => {
    judged(10)
    const talking = talk('clarify', { about, maxTurns: 1 }, { input: 'x', services: modelsAt(server.url) })
    await talking.begin()
    expect(doneOf(await talking.say('Whatever'))).toMatchObject({
      port: 'gave_up',
      output: { score: 10, turns: 1 },
    })
  })

  test('that nobody clears up in time is given up', async () => {
    judged(10)
    const talking = talk('clarify', { about, timeout: 'P1D' }, { input: 'x', services: modelsAt(server.url) })
    expect(await talking.begin()).toMatchObject({ wait: { deadline: '2026-03-02T12:00:00.000Z' } })
    expect(doneOf(await talking.lapse())).toMatchObject({ port: 'gave_up' })
  })

  test('is taken from the message of a conversation', async () => {
    judged(100)
    const input = { message: 'Hello', thread: 't', user: null }
    const { outcome } = await perform('clarify', { about }, { input, services: modelsAt(server.url) })
    expect(doneOf(outcome).output).toMatchObject({ request: 'Hello' })
  })
})

test('a deadline that passed while an answer was taken in does not end the next turn', async () => {
  judged(10)
  const given = { input: 'x', services: modelsAt(server.url) }
  const wait = { for: 'answer', title: 'By when?', deadline: '2026-03-03T00:00:00.000Z' } as const
  const outcome = await resume(
    'clarify',
    { about, timeout: 'P1D' },
    wait,
    [
      { by: 'answer', at: '2026-03-01T00:00:00.000Z', answer: 'For me' },
      { by: 'deadline', at: '2026-03-02T00:00:00.000Z' },
    ],
    given,
  )
  expect(outcome.type).toBe('wait')
})

describe('with fields', () => {
  const fields = {
    type: 'object',
    properties: { email: { type: 'string', format: 'email' }, deadline: { type: 'string', format: 'date' } },
  }
  const config = { about: 'How to reach the person, and by when it is needed.', fields }

  test('it is clear when all that is required is known, without any key too', async () => {
    const talking = talk('clarify', config, { input: 'Build me a shop', services: offline })
    await talking.begin()
    expect(talking.heard).toHaveLength(1)
    await talking.say('My address is ana@example.com')
    const outcome = await talking.say('By 2027-05-01 please')
    expect(doneOf(outcome)).toMatchObject({
      port: 'clear',
      output: { score: 100, turns: 2, known: { email: 'ana@example.com', deadline: '2027-05-01' } },
    })
  })

  test('half of it known is half clear, whatever the model thinks', async () => {
    server.reply({
      say: JSON.stringify({
        score: 100,
        missing: [],
        question: '',
        known: { email: 'a@b.io', deadline: '' },
      }),
    })
    const talking = talk('clarify', config, { input: 'x', services: modelsAt(server.url) })
    expect(titleOf(await talking.begin())).toBe('Please tell me this too: deadline.')
  })
})

test('offline, a vague request is asked about and a whole one is clear', async () => {
  const whole =
    'Create a customer management system in Python with registration, search, update, and delete functionality by May'
  const vague = await perform('clarify', { about }, { input: 'Create something nice', services: offline })
  expect(vague.outcome.type).toBe('wait')
  const clear = talk(
    'clarify',
    { about: 'The platform and the functions' },
    {
      ...{ input: whole, services: offline },
    },
  )
  expect(doneOf(await clear.begin())).toMatchObject({ port: 'clear' })
})

test.each([
  [{ fields: { type: 'array' } }, ['fields_invalid']],
  [{ fields: { properties: {} } }, ['fields_invalid']],
  [{ fields: { properties: { a: {} }, required: ['b'] } }, ['fields_invalid']],
  [{ timeout: 'soon' }, ['duration_invalid']],
  [{}, []],
])('%j has the problems %j', (config, codes) => {
  const node = nodeSchema.parse({ id: 'n', kind: 'clarify' })
  const document = documentSchema.parse({ millrace: 1, id: 'f' })
  const problems = definition.check?.(definition.config.parse({ about, ...config }), node, document)
  expect(problems?.map((problem) => problem.code)).toEqual(codes)
})
