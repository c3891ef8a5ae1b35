import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAIServer, type OpenAIServer } from '@/server/models/testing/openai-server'
import { createServices } from '@/server/services'
import { doneOf, perform } from '../testing/perform'

const offline = createServices({ env: {} })('workspace')
let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())

const output = {
  type: 'object',
  properties: { risk: { type: 'string', enum: ['high', 'low'] } },
  required: ['risk'],
}

test('without a shape the answer is a text, streamed as it comes, with its usage', async () => {
  const { outcome, text } = await perform(
    'agent',
    { instructions: 'Be brief.' },
    { input: 'The contract ends in May.', services: offline },
  )
  expect(doneOf(outcome).output).toBe('Offline model: The contract ends in May.')
  expect(text).toBe('Offline model: The contract ends in May.')
  expect(outcome).toMatchObject({ usage: { model: 'offline' } })
})

test('with a shape the answer is an object', async () => {
  const { outcome } = await perform(
    'agent',
    { instructions: 'Assess.', prompt: 'Usage of ${input.name} is falling, they may cancel.', output },
    { input: { name: 'Acme' }, services: offline },
  )
  expect(doneOf(outcome).output).toEqual({ risk: 'high' })
})

test('a model of a provider is asked with the resolved texts', async () => {
  const services = createServices({ env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'k' } })('workspace')
  server.reply({ say: 'Certainly not' })
  const { outcome, text } = await perform(
    'agent',
    {
      model: 'openai/gpt-test',
      instructions: 'You know ${state.topic}.',
      prompt: 'What of ${input}?',
      temperature: 0,
      maxTokens: 9,
    },
    { input: 'rain', state: { topic: 'weather' }, services },
  )
  expect(doneOf(outcome).output).toBe('Certainly not')
  expect(text).toBe('Certainly not')
  expect(server.requests.at(-1)?.body).toMatchObject({
    model: 'gpt-test',
    temperature: 0,
    max_tokens: 9,
    messages: [
      { role: 'system', content: 'You know weather.' },
      { role: 'user', content: 'What of rain?' },
    ],
  })
})

test('neither instructions nor prompt is an error', async () => {
  await expect(
    perform('agent', { instructions: '', prompt: '' }, { services: offline }),
  ).rejects.toMatchObject({
    code: 'config_invalid',
  })
})

test('a model without a key says what to do', async () => {
  await expect(
    perform('agent', { model: 'anthropic/claude', instructions: 'x' }, { services: offline }),
  ).rejects.toMatchObject({ code: 'model_no_key' })
})
