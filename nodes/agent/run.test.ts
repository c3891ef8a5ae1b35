import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOpenAIServer, type OpenAIServer } from '@/server/models/testing/openai-server'
import { createServices } from '@/server/services'
import { modelsAt, offline, scripted } from '../testing/models'
import { doneOf, perform } from '../testing/perform'

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
  const { outcome, text, acts } = await perform(
    'agent',
    { instructions: 'Be brief.' },
    { input: 'The contract ends in May.', services: offline },
  )
  expect(doneOf(outcome).output).toBe('Offline model: The contract ends in May.')
  expect(text).toBe('Offline model: The contract ends in May.')
  expect(acts).toMatchObject([{ name: 'model#1', kind: 'model', title: 'Answer' }])
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
    { input: 'rain', state: { topic: 'weather' }, services: modelsAt(server.url) },
  )
  expect(doneOf(outcome).output).toBe('Certainly not')
  expect(text).toBe('Certainly not')
  expect(server.requests.at(-1)?.body).toMatchObject({
    model: 'openai/gpt-test',
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
  const services = createServices({ env: {} })('workspace')
  await expect(
    perform('agent', { model: 'anthropic/claude', instructions: 'x' }, { services }),
  ).rejects.toMatchObject({ code: 'model_no_key' })
})

describe('an answer that has not the wanted shape', () => {
  const config = { instructions: 'Assess.', output }
  const answering = (...says: string[]) => server.reply(() => ({ say: says.shift() ?? '' }))

  test('is repaired once: the model is told what is wrong with it', async () => {
    answering('{"risk":"none"}', '{"risk":"low"}')
    const acts = {}
    const { outcome } = await perform('agent', config, { input: 'x', acts, services: modelsAt(server.url) })
    expect(doneOf(outcome).output).toEqual({ risk: 'low' })
    expect(acts).toMatchObject({
      'model#1': { text: '{"risk":"none"}', problem: expect.stringContaining('risk') },
      'model#1.repair': { object: { risk: 'low' } },
    })
    const said = server.requests.at(-1)?.body.messages ?? []
    expect(said.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
  })

  test('twice fails the step, and may be tried again', async () => {
    answering('No.', 'Certainly not.')
    await expect(
      perform('agent', config, { input: 'x', services: modelsAt(server.url) }),
    ).rejects.toMatchObject({ code: 'model_output_invalid', retryable: true })
  })
})

describe('evaluation', () => {
  const config = (more: object = {}) => ({
    instructions: 'Explain.',
    evaluate: { instructions: 'Complete and clear.', ...more },
  })
  const judged = (score: number) => ({ score, critique: `Better than ${score}, please.` })

  test('an answer that is good enough is taken, with its score', async () => {
    const { services, asked } = scripted('Rain falls.', judged(90))
    const { outcome, acts } = await perform('agent', config(), { input: 'Why rain?', services })
    expect(outcome).toMatchObject({ output: 'Rain falls.', score: 90 })
    expect(acts.map(({ name }) => name)).toEqual(['model#1', 'evaluation#1'])
    expect(asked[1]).toMatchObject({
      system: expect.stringContaining('Complete and clear.'),
      prompt: expect.stringMatching(/Why rain\?[^]*Rain falls\./),
    })
  })

  test('one that is not is tried again with the critique', async () => {
    const { services, asked } = scripted('Short.', judged(40), 'Longer.', judged(85))
    const { outcome } = await perform('agent', config(), { input: 'Why?', services })
    expect(outcome).toMatchObject({ output: 'Longer.', score: 85 })
    expect(asked[2]?.prompt).toMatchObject([
      { role: 'user', text: 'Why?' },
      { role: 'assistant', text: 'Short.' },
      { role: 'user', text: expect.stringContaining('Better than 40, please.') },
    ])
  })

  test('when none is good enough the best is kept', async () => {
    const { services } = scripted('A', judged(50), 'B', judged(70), 'C', judged(60))
    const { outcome, acts } = await perform('agent', config({ retries: 2 }), { input: 'Why?', services })
    expect(outcome).toMatchObject({ output: 'B', score: 70 })
    expect(acts).toHaveLength(6)
  })

  test('without a key the offline model judges too', async () => {
    const { outcome } = await perform('agent', config({ retries: 0 }), {
      ...{ input: 'The contract ends in May.', services: offline },
    })
    expect(outcome).toMatchObject({ score: expect.any(Number) })
  })
})

describe('memory', () => {
  const said = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      text: `turn ${index}`,
    }))
  const remembering = async (memory: string, count: number, ...answers: string[]) => {
    const { services, asked } = scripted(...answers)
    const limits: number[] = []
    const messages = (_: string, limit: number) => {
      limits.push(limit)
      return Promise.resolve(said(count).slice(-limit))
    }
    const given = { input: { message: 'Now?' }, thread: 'thread', services: { ...services, messages } }
    const { outcome } = await perform('agent', { instructions: 'Help.', memory }, given)
    return { output: doneOf(outcome).output, asked, limits }
  }

  test('of the thread hands over what was said last', async () => {
    const { asked, limits } = await remembering('thread', 3, 'Yes.')
    expect(asked[0]?.prompt).toEqual([...said(3), { role: 'user', text: 'Now?' }])
    expect(limits).toEqual([20])
  })

  test('with a summary tells what was said before in few words', async () => {
    const { asked } = await remembering('summary', 30, 'They want a bike.', 'Yes.')
    expect(asked[0]?.prompt).toContain('User: turn 0')
    expect(asked[1]?.system).toBe('Help.\n\nEarlier in this conversation:\nThey want a bike.')
    expect(asked[1]?.prompt).toHaveLength(7)
  })

  test('of a short talk needs no summary, and none remembers nothing', async () => {
    expect((await remembering('summary', 4, 'Yes.')).asked).toHaveLength(1)
    expect((await remembering('none', 4, 'Yes.')).asked[0]?.prompt).toHaveLength(1)
  })
})
