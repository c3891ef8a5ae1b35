import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAIServer, type OpenAIServer } from '../models/testing/openai-server'
import { readStream } from '../testing/event-stream'
import { flowOf } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let model: OpenAIServer
let server: TestApp
let ana: Tenant

const adviser = (id: string, memory: string) =>
  flowOf(id, [
    { id: 'chat', kind: 'chat' },
    {
      id: 'advise',
      kind: 'agent',
      config: { model: 'openai/first-model', instructions: 'Advise.', prompt: '${trigger.message}', memory },
    },
  ])

beforeAll(async () => {
  model = await startOpenAIServer()
  server = await testApp({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.url })
  ana = await server.addTenant('ana')
  await server.addFlow(ana, adviser('adviser', 'thread'), 'publish')
  await server.addFlow(ana, adviser('old_friend', 'summary'), 'publish')
})
afterAll(async () => {
  await server.close()
  await model.close()
})

const body = (flow: string, prompt: string, thread?: string) => ({
  ...{ user_prompt: prompt, conversation_flow: flow },
  ...(thread ? { thread_id: thread } : {}),
})

async function chat(flow: string, prompt: string, thread?: string) {
  return (await server.call(ana, '/api/v1/chat', { body: body(flow, prompt, thread) })).json()
}

test('how many tokens the model holds is told as soon as somebody knows', async () => {
  model.reply({ say: 'Take the blue one.' })
  const first = await chat('adviser', 'Which bike?')
  expect(first).toMatchObject({ token_count: 18, max_token_count: 0, memory_summary: 'Which bike?' })
  const price = { model: 'openai/*', input: 1, output: 1, context: 32_000 }
  await server.call(ana, '/api/v1/models/prices', { method: 'PUT', body: price })
  const second = await chat('adviser', 'It must carry two children.', first.thread_id)
  expect(second).toMatchObject({
    max_token_count: 32_000,
    memory_summary: 'Take the blue one. It must carry two children.',
  })
})

test('the end of a streamed answer tells the same', async () => {
  model.reply({ say: 'Take the blue one.' })
  const response = await server.call(ana, '/api/v1/chat', {
    body: body('adviser', 'Which bike?'),
    headers: { accept: 'text/event-stream' },
  })
  const [reply] = (await readStream(response)).filter(({ event }) => event === 'reply')
  expect(JSON.parse(reply?.data ?? '{}')).toMatchObject({
    ...{ memory_summary: 'Which bike?', agent_response: 'Take the blue one.' },
  })
})

test('what an agent has summed up for itself is the summary', async () => {
  model.reply(({ body: { messages } }) => ({
    say: JSON.stringify(messages[0]).includes('Summarize') ? 'They want a cargo bike.' : 'I see.',
  }))
  let answer = await chat('old_friend', 'I want a cargo bike.')
  for (const prompt of ['A red one.', 'With lights.', 'And a bell.', 'What was I looking for?']) {
    answer = await chat('old_friend', prompt, answer.thread_id)
  }
  expect(answer.memory_summary).toBe('They want a cargo bike.')
})
