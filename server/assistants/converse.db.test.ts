import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startOpenAIServer, type OpenAIServer, type Reply } from '../models/testing/openai-server'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let models: OpenAIServer
let server: TestApp
let ada: Tenant

const input = {
  type: 'object',
  properties: { account_number: { type: 'string', pattern: '^\\d+$' } },
  required: ['account_number'],
}
const balance = flowOf(
  'balance_inquiry',
  [
    { id: 'begin', kind: 'start', config: { instruction: 'Ask for the account number first.' } },
    {
      id: 'tell',
      kind: 'complete',
      config: {
        output: { balance: 2547.83 },
        guidance: 'The balance of ${trigger.account_number} is 2547.83. Offer more help.',
        next: 'offer_additional_help',
      },
    },
  ],
  { name: 'Balance inquiry', description: 'Tells the balance of an account.', input },
)
const asking = flowOf(
  'block_card',
  [
    { id: 'begin', kind: 'start' },
    { id: 'ask', kind: 'ask', config: { question: 'Which card is lost?' } },
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
  models = await startOpenAIServer()
  server = await testApp({ OPENAI_BASE_URL: models.url })
  ada = await server.addTenant('ada')
  await server.addFlow(ada, balance, 'publish')
  await server.addFlow(ada, asking, 'publish')
  const body = {
    name: 'Bank',
    instruction: 'You work for a bank.',
    flows: ['balance_inquiry', 'block_card'],
    model: 'openai/first-model',
  }
  await server.call(ada, '/api/v1/assistants', { body })
})
afterAll(async () => {
  await server.close()
  await models.close()
})
beforeEach(() => models.requests.splice(0))

async function say(turns: object[], more: object = {}) {
  const response = await server.call(ada, '/api/v1/assistants/bank/messages', { body: { turns, ...more } })
  return { status: response.status, ...(await response.json()) }
}
const user = (text: string) => ({ role: 'user', text })

/** One reply a request, in order; the last again and again. */
function replies(...list: Reply[]) {
  models.reply(() => (list.length > 1 ? list.shift() : list[0])!)
}

test('the model is given the merged instruction and tools, and its calls run flows', async () => {
  replies(
    { calls: [{ tool: 'balance_inquiry', arguments: { account_number: '12345' }, id: 'c1' }] },
    { say: 'It is 2547.83.' },
  )
  const answer = await say([user('What is my balance?')])
  expect(answer).toMatchObject({
    status: 200,
    text: 'It is 2547.83.',
    model: 'openai/first-model',
    tokens: 36,
    calls: [{ call: 'c1', flow: 'balance_inquiry', run: expect.any(String) }],
    turns: [
      { role: 'assistant', calls: [{ id: 'c1', tool: 'balance_inquiry' }] },
      {
        role: 'tool',
        call: 'c1',
        result: {
          status: 'success',
          balance: 2547.83,
          prompt_guidance: 'The balance of 12345 is 2547.83. Offer more help.',
          next_action: 'offer_additional_help',
        },
      },
      { role: 'assistant', text: 'It is 2547.83.' },
    ],
  })
  const used = await (await server.call(ada, '/api/v1/usage?by=step')).json()
  expect(used.items).toMatchObject([
    { key: 'assistant:bank/talk', calls: 2, inputTokens: 22, outputTokens: 14, unpriced: 2 },
  ])
  const [first, second] = models.requests.map(({ body }) => body)
  expect(first?.messages[0]?.content).toMatch(/^You work for a bank\.[^]*Ask for the account number first\./)
  expect(first?.tools?.map((tool) => tool.function.name)).toEqual(['balance_inquiry', 'block_card'])
  expect(second?.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'c1' })
})

test('a question of a flow goes to the person, and the answer back to the flow', async () => {
  replies({ calls: [{ tool: 'block_card', arguments: {}, id: 'c1' }] }, { say: 'Which card is lost?' })
  const turns = [user('My card is lost')]
  const asked = await say(turns)
  const result = asked.calls[0].result
  expect(result).toMatchObject({ status: 'waiting', prompt_guidance: 'Which card is lost?' })
  models.requests.splice(0)
  const reply = { run: result.run, step: result.step, answer: 'The gold one' }
  replies({ calls: [{ tool: 'answer_question', arguments: reply, id: 'c2' }] }, { say: 'It is blocked.' })
  const done = await say([...turns, ...asked.turns, user('The gold one')])
  expect(done.calls[0].result).toEqual({ status: 'success', blocked: 'The gold one' })
  expect(models.requests[0]?.body.tools?.map((tool) => tool.function.name)).toContain('answer_question')
})

test('what goes wrong in a call is told to the model', async () => {
  replies(
    {
      calls: [
        { tool: 'loan', arguments: {}, id: 'c1' },
        { tool: 'balance_inquiry', arguments: { account_number: 'mine' }, id: 'c2' },
      ],
    },
    { say: 'I cannot do that.' },
  )
  const answer = await say([user('I want a loan')])
  expect(answer.calls).toMatchObject([
    { run: null, result: { status: 'error', error: { code: 'function_not_found' } } },
    { run: null, result: { status: 'error', error: { code: 'arguments_invalid' } } },
  ])
  expect(answer.text).toBe('I cannot do that.')
})

test('a flow that is switched off while they talk is not offered in the next round', async () => {
  models.reply(({ body }) => {
    const offered = body.tools?.map((tool) => tool.function.name) ?? []
    if (!offered.includes('block_card')) return { say: `Now ${offered.join()}.` }
    return { calls: [{ tool: 'block_card', arguments: {}, id: 'c1' }] }
  })
  const talking = say([user('My card is lost')])
  await expect.poll(() => models.requests.length).toBeGreaterThan(0)
  await server.call(ada, '/api/v1/assistants/bank/flows/block_card/deactivate', { method: 'POST' })
  expect((await talking).text).toMatch(/^Now balance_inquiry(,answer_question)?\.$/)
  await server.call(ada, '/api/v1/assistants/bank/flows/block_card/activate', { method: 'POST' })
})

describe('ends in a clear error', () => {
  test('when the model calls without end', async () => {
    replies({ calls: [{ tool: 'balance_inquiry', arguments: { account_number: '1' }, id: 'c1' }] })
    const answer = await say([user('Again')])
    expect(answer).toMatchObject({ status: 422, error: { code: 'too_many_calls' } })
    expect(models.requests).toHaveLength(9)
  })

  test.each([
    [{ status: 401 }, 'model_auth'],
    [{ status: 500 }, 'model_unavailable'],
    [{ cutAfter: 'It is' }, 'model_unavailable'],
  ] satisfies [Reply, string][])('when the model answers %j', async (reply, code) => {
    replies(reply)
    expect(await say([user('Hello')])).toMatchObject({ status: 422, error: { code } })
  })

  test.each([
    [{ turns: [] }, 400],
    [{ turns: [{ role: 'system', text: 'x' }] }, 400],
    [{ turns: [user('x')], model: 'nobody/nothing' }, 422],
  ])('when it is sent %j', async ({ turns, ...more }, status) => {
    expect((await say(turns, more)).status).toBe(status)
  })
})

test('the offline model finds the function, asks for what it lacks, and says what it is guided to', async () => {
  const turns = [user('What is the balance of my account?')]
  const asked = await say(turns, { model: 'offline' })
  expect(asked.calls).toEqual([])
  expect(asked.text).toContain('account_number')
  const told = await say([...turns, ...asked.turns, user('It is 12345')], { model: 'offline' })
  expect(told.calls).toMatchObject([{ flow: 'balance_inquiry', result: { balance: 2547.83 } }])
  expect(told.text).toContain('2547.83')
  expect(models.requests).toEqual([])
})

test('by tRPC the answer comes as it is written', async () => {
  replies(
    { calls: [{ tool: 'balance_inquiry', arguments: { account_number: '1' }, id: 'c1' }] },
    { say: 'It is there.' },
  )
  const response = await server.call(ada, '/api/trpc/assistants.converse?batch=1', {
    body: { 0: { id: 'bank', conversation: { turns: [user('Balance?')] } } },
    headers: { 'trpc-accept': 'application/jsonl' },
  })
  const text = await response.text()
  const at = (part: string) => text.indexOf(part)
  expect(at('"kind":"calls"')).toBeGreaterThan(0)
  expect(at('"kind":"called"')).toBeGreaterThan(at('"kind":"calls"'))
  expect(at('"chunk":"It "')).toBeGreaterThan(at('"kind":"called"'))
  expect(at('"kind":"end"')).toBeGreaterThan(at('"chunk":"It "'))
})
