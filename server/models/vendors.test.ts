import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { Model, ModelMessage, ModelRequest, ModelTool } from '@/nodes/step'
import { listModels } from './model-list'
import { openModel, type ProviderKind } from './provider'
import { providerModel } from './provider-model'
import { startAnthropicServer, type AnthropicServer } from './testing/anthropic-server'
import { startGoogleServer, type GoogleServer } from './testing/google-server'
import type { Reply } from './testing/openai-server'
import { startResponsesServer, type ResponsesServer } from './testing/responses-server'

let openai: ResponsesServer
let anthropic: AnthropicServer
let google: GoogleServer
beforeAll(async () => {
  openai = await startResponsesServer()
  anthropic = await startAnthropicServer()
  google = await startGoogleServer()
})
afterAll(() => Promise.all([openai.close(), anthropic.close(), google.close()]))

type Company = 'openai' | 'anthropic' | 'google'
const companies = ['openai', 'anthropic', 'google'] as const
const ids = { openai: 'gpt-4o-mini', anthropic: 'claude-haiku-4-5', google: 'gemini-2.5-flash' }
const serverOf = (company: Company) => ({ openai, anthropic, google })[company]

const provider = (company: Company) => ({
  ...{ name: company, kind: company satisfies ProviderKind, baseUrl: serverOf(company).url, key: 'k-secret' },
  ...{ hasLostKey: false, source: 'workspace' as const, fetch: undefined },
})

function modelOf(company: Company, options: { silenceMs?: number } = {}, id = ids[company]): Model {
  return providerModel(`${company}/${id}`, openModel(provider(company), id), { key: 'k-secret', ...options })
}

function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { system: 'You are brief.', prompt: 'Say hello.', signal: new AbortController().signal, ...more }
}

function generate(company: Company, reply: Reply, request = ask()) {
  serverOf(company).reply(reply)
  return modelOf(company).generate(request)
}

async function failure(work: Promise<unknown>): Promise<StepError> {
  const error = await work.then(
    (value) => expect.fail(`It gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

const usageOf = (company: Company) => ({
  ...{ inputTokens: 11, outputTokens: 7, model: `${company}/${ids[company]}` },
})

const schema: JsonObject = {
  type: 'object',
  properties: { risk: { type: 'string', enum: ['high', 'low'] } },
  required: ['risk'],
  additionalProperties: false,
}

const tool: ModelTool = {
  name: 'weather',
  description: 'Tells the weather.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** A conversation in which the tool was called twice at once. */
const called: ModelMessage[] = [
  { role: 'user', text: 'Weather?' },
  {
    role: 'assistant',
    text: 'I look.',
    calls: [
      { id: 'c1', tool: 'weather', arguments: { city: 'Rome' }, signature: 'signed' },
      { id: 'c2', tool: 'weather', arguments: { city: 'Oslo' } },
    ],
  },
  { role: 'tool', call: 'c1', tool: 'weather', result: { sun: true } },
  { role: 'tool', call: 'c2', tool: 'weather', result: { sun: false } },
]

describe.each(companies)('%s', (company) => {
  test('streams its text as it arrives and tells its usage', async () => {
    const chunks: string[] = []
    const answer = await generate(
      company,
      { say: 'Hello there, friend' },
      ask({ onText: (chunk) => chunks.push(chunk) }),
    )
    expect(chunks).toEqual(['Hello ', 'there, ', 'friend'])
    expect(answer).toEqual({ text: 'Hello there, friend', usage: usageOf(company) })
  })

  test('gives an object of the wanted shape', async () => {
    const answer = await generate(company, { say: '{"risk": "high"}' }, ask({ schema }))
    expect(answer).toMatchObject({ object: { risk: 'high' }, usage: usageOf(company) })
    expect(JSON.stringify(serverOf(company).requests.at(-1)?.body)).toContain('"enum":["high","low"]')
  })

  test('whose answer breaks the shape gave no valid output, and was paid for', async () => {
    const error = await failure(generate(company, { say: '{"risk": "some"}' }, ask({ schema })))
    expect(error).toMatchObject({
      ...{ code: 'model_output_invalid', retryable: true, usage: usageOf(company) },
      details: { answer: '{"risk": "some"}' },
    })
  })

  test('calls tools, with what it says before', async () => {
    const calls = [{ tool: 'weather', arguments: { city: 'Rome' } }]
    const answer = await generate(company, { say: 'I look.', calls }, ask({ tools: [tool] }))
    expect(answer).toMatchObject({
      text: 'I look.',
      calls: [{ id: expect.stringMatching(/./), tool: 'weather', arguments: { city: 'Rome' } }],
      usage: usageOf(company),
    })
  })

  test('may call a tool that there is not: that is for the step to answer', async () => {
    const calls = [{ tool: 'nothing', arguments: {} }]
    const { calls: given } = await generate(company, { calls }, ask({ tools: [tool] }))
    expect(given).toMatchObject([{ tool: 'nothing', arguments: {} }])
  })

  test('is asked for the shape in words when there are tools', async () => {
    const answer = await generate(company, { say: '{"risk":"low"}' }, ask({ tools: [tool], schema }))
    expect(answer.object).toEqual({ risk: 'low' })
  })

  test.each<[Reply, string, boolean]>([
    [{ status: 401, message: 'invalid key' }, 'model_auth', false],
    [{ status: 403 }, 'model_auth', false],
    [{ status: 404, message: 'no such model' }, 'model_unknown', false],
    [{ status: 400, message: 'bad temperature' }, 'model_request_refused', false],
    [{ status: 413, message: 'Request exceeds the maximum size' }, 'model_prompt_too_long', false],
    [{ status: 429 }, 'model_rate_limited', true],
    [{ status: 500 }, 'model_unavailable', true],
    [{ status: 503 }, 'model_unavailable', true],
    [{ status: 529, message: 'Overloaded' }, 'model_unavailable', true],
    [{ cutAfter: 'Half an ans' }, 'model_unavailable', true],
    [{ endAfter: 'Half an ans' }, 'model_unavailable', true],
    [{ endAfter: '' }, 'model_unavailable', true],
    [{ failAfter: 'Half an ans', message: 'Busy now' }, 'model_unavailable', true],
    [{ failAfter: '', message: 'Busy now' }, 'model_unavailable', true],
    [{ say: 'I', finish: 'content_filter' }, 'model_request_refused', false],
  ])('that answers %j is %s', async (reply, code, retryable) => {
    const error = await failure(generate(company, reply))
    expect(error).toMatchObject({ code, retryable })
    if ('message' in reply) expect(error.message).toContain(reply.message)
    expect(error.message).toContain(`${company}/${ids[company]}`)
  })

  test('that reaches the length in mid-object says to allow a longer answer', async () => {
    const error = await failure(generate(company, { say: '{"risk": "hi', finish: 'length' }, ask({ schema })))
    expect(error).toMatchObject({ code: 'model_output_invalid', usage: usageOf(company) })
    expect(error.message).toMatch(/longer/)
  })

  test('that reaches the length in a text is heard as far as it went', async () => {
    expect((await generate(company, { say: 'And so', finish: 'length' })).text).toBe('And so')
  })

  test('that says when to come back is not asked before', async () => {
    const error = await failure(generate(company, { status: 429, headers: { 'retry-after': '3' } }))
    expect(error.details).toEqual({ status: 429, retryAfterMs: 3_000 })
  })

  test('that repeats the key it refuses does not get it into the error', async () => {
    const error = await failure(generate(company, { status: 401, message: 'Wrong: k-secret' }))
    expect(error.message).toContain('Wrong: …')
    expect(JSON.stringify(error)).not.toContain('k-secret')
  })

  test('that stalls in the middle is left', async () => {
    serverOf(company).reply({ stallAfter: 'Half an ans' })
    const error = await failure(modelOf(company, { silenceMs: 50 }).generate(ask()))
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
    expect(error.message).toMatch(/silent/)
  })

  test('that is slow but goes on is heard out', async () => {
    serverOf(company).reply({ say: 'a b c d e f', everyMs: 100 })
    expect((await modelOf(company, { silenceMs: 400 }).generate(ask())).text).toBe('a b c d e f')
  })

  test('that is cancelled in the middle throws the reason', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const onText = () => controller.abort(reason)
    const work = generate(company, { stallAfter: 'Half' }, ask({ signal: controller.signal, onText }))
    await expect(work).rejects.toBe(reason)
  })

  test('tells its models that converse', async () => {
    const listed = await listModels(provider(company))
    expect(listed).toContain(ids[company])
    expect(listed.join()).not.toMatch(/embedding/)
  })
})

describe('OpenAI, by its Responses API', () => {
  const last = () => openai.requests.at(-1)!

  test('is asked with key, model, instructions and settings', async () => {
    await generate('openai', { say: '{"risk":"low"}' }, ask({ temperature: 0.3, maxTokens: 50, schema }))
    expect(last()).toMatchObject({
      path: '/v1/responses',
      headers: { authorization: 'Bearer k-secret' },
      body: {
        ...{ model: 'gpt-4o-mini', stream: true, temperature: 0.3, max_output_tokens: 50, store: false },
        text: { format: { type: 'json_schema', strict: false, schema } },
        input: [
          { role: 'system', content: expect.stringContaining('You are brief.') },
          { role: 'user', content: [{ type: 'input_text', text: 'Say hello.' }] },
        ],
      },
    })
  })

  test('is given the results of its calls by their ids', async () => {
    await generate('openai', { say: 'Sun' }, ask({ prompt: called, tools: [tool] }))
    expect(last().body.tools).toMatchObject([{ type: 'function', name: 'weather' }])
    expect(last().body.input.slice(2)).toMatchObject([
      { role: 'assistant' },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' },
      { type: 'function_call', call_id: 'c2' },
      { type: 'function_call_output', call_id: 'c1', output: '{"sun":true}' },
      { type: 'function_call_output', call_id: 'c2', output: '{"sun":false}' },
    ])
  })

  test('gets no temperature for models that reason: they refuse it', async () => {
    openai.reply({ say: 'Hello' })
    await modelOf('openai', {}, 'gpt-5').generate(ask({ temperature: 0.3 }))
    expect(last().body).not.toHaveProperty('temperature')
  })

  test.each<[Reply, string, boolean]>([
    [{ status: 429, code: 'insufficient_quota' }, 'model_rate_limited', false],
    [{ status: 400, code: 'context_length_exceeded' }, 'model_prompt_too_long', false],
    [{ failAfter: 'H', message: 'Slow down', code: 'rate_limit_exceeded' }, 'model_rate_limited', true],
    [{ failAfter: '', message: 'Slow down', code: 'rate_limit_exceeded' }, 'model_rate_limited', true],
    [{ failAfter: 'H', message: 'No', code: 'context_length_exceeded' }, 'model_prompt_too_long', false],
  ])('that answers %j is %s', async (reply, code, retryable) => {
    expect(await failure(generate('openai', reply))).toMatchObject({ code, retryable })
  })

  test.each(['{"city": ', '["Rome"]'])(
    'that calls with the arguments %s may be asked again',
    async (args) => {
      const calls = [{ tool: 'weather', arguments: args }]
      const error = await failure(generate('openai', { calls }, ask({ tools: [tool] })))
      expect(error).toMatchObject({ code: 'model_output_invalid', retryable: true, usage: usageOf('openai') })
    },
  )
})

describe('Anthropic, by its Messages API', () => {
  const last = () => anthropic.requests.at(-1)!

  test('is asked with key, version, model, instructions and settings', async () => {
    await generate('anthropic', { say: 'Hello' }, ask({ temperature: 0.3, maxTokens: 50 }))
    expect(last()).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': 'k-secret', 'anthropic-version': '2023-06-01' },
      body: {
        ...{ model: 'claude-haiku-4-5', stream: true, temperature: 0.3, max_tokens: 50 },
        system: [{ type: 'text', text: 'You are brief.' }],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }],
      },
    })
  })

  test('may answer as long as the model can when nothing is said', async () => {
    await generate('anthropic', { say: 'Hello' })
    expect(last().body.max_tokens).toBeGreaterThan(8_000)
  })

  test('is given the results of calls together, in one turn of the user', async () => {
    await generate('anthropic', { say: 'Sun' }, ask({ prompt: called, tools: [tool] }))
    expect(last().body.tools).toMatchObject([{ name: 'weather', input_schema: tool.parameters }])
    expect(last().body.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Rome' } },
          { type: 'tool_use', id: 'c2' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"sun":true}' },
          { type: 'tool_result', tool_use_id: 'c2', content: '{"sun":false}' },
        ],
      },
    ])
  })

  test('gives an object by a tool where a model knows no shapes', async () => {
    anthropic.reply({ calls: [{ tool: 'json', arguments: { risk: 'low' } }] })
    const answer = await modelOf('anthropic', {}, 'claude-3-5-haiku-latest').generate(ask({ schema }))
    expect(answer).toMatchObject({ object: { risk: 'low' } })
    expect(answer).not.toHaveProperty('calls')
    expect(last().body.tool_choice).toBeDefined()
  })

  test.each<[Reply, string, boolean]>([
    [
      { status: 400, message: 'prompt is too long: 210000 tokens > 200000 maximum' },
      'model_prompt_too_long',
      false,
    ],
    [{ status: 400, message: 'Your credit balance is too low' }, 'model_rate_limited', false],
    [{ failAfter: 'H', message: 'Overloaded' }, 'model_unavailable', true],
    [{ failAfter: 'H', message: 'Slow down', code: 'rate_limit_error' }, 'model_rate_limited', true],
    [{ failAfter: '', message: 'Slow down', code: 'rate_limit_error' }, 'model_rate_limited', true],
    [{ failAfter: 'H', message: 'No', code: 'api_error' }, 'model_unavailable', true],
  ])('that answers %j is %s', async (reply, code, retryable) => {
    expect(await failure(generate('anthropic', reply))).toMatchObject({ code, retryable })
  })
})

describe('Google, by the Gemini API', () => {
  const last = () => google.requests.at(-1)!

  test('is asked with key, model, instructions and settings', async () => {
    await generate('google', { say: '{"risk":"low"}' }, ask({ temperature: 0.3, maxTokens: 50, schema }))
    expect(last()).toMatchObject({
      path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      headers: { 'x-goog-api-key': 'k-secret' },
      body: {
        systemInstruction: { parts: [{ text: expect.stringContaining('You are brief.') }] },
        contents: [{ role: 'user', parts: [{ text: 'Say hello.' }] }],
        generationConfig: { temperature: 0.3, maxOutputTokens: 50, responseMimeType: 'application/json' },
      },
    })
  })

  test('is told of no formats that it would refuse, but held to them', async () => {
    const dated: JsonObject = {
      type: 'object',
      properties: { day: { type: 'string', format: 'date' }, format: { type: 'string' } },
      required: ['day'],
    }
    const error = await failure(generate('google', { say: '{"day":"soon"}' }, ask({ schema: dated })))
    expect(error.message).toContain('format')
    expect(last().body.generationConfig?.responseSchema).toMatchObject({
      properties: { day: { type: 'string' }, format: { type: 'string' } },
    })
    const parameters = dated
    await generate('google', { say: 'x' }, ask({ tools: [{ ...tool, parameters }] }))
    expect(JSON.stringify(last().body)).not.toContain('"date"')
  })

  test('signs its calls, and gets them back signed with their results', async () => {
    const calls = [{ tool: 'weather', arguments: { city: 'Rome' } }]
    const answer = await generate('google', { calls }, ask({ tools: [tool] }))
    expect(answer.calls?.[0]).toMatchObject({ signature: 'signed weather' })
    await generate('google', { say: 'Sun' }, ask({ prompt: called, tools: [tool] }))
    expect(last().body.contents).toMatchObject([
      { role: 'user' },
      {
        role: 'model',
        parts: [
          { text: 'I look.' },
          { functionCall: { name: 'weather', args: { city: 'Rome' } }, thoughtSignature: 'signed' },
          { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'weather', response: { content: { sun: true } } } },
          { functionResponse: { name: 'weather', response: { content: { sun: false } } } },
        ],
      },
    ])
  })

  test('says in the body when to come back, and of paying when a pause is enough', async () => {
    const message = 'You exceeded your current quota, please check your plan and billing details.'
    const reply = { status: 429, message, code: 'retryDelay=36.5s' }
    expect(await failure(generate('google', reply))).toMatchObject({
      ...{ code: 'model_rate_limited', retryable: true },
      details: { status: 429, retryAfterMs: 36_500 },
    })
  })

  test.each<[Reply, string, boolean]>([
    [{ status: 400, message: 'API key not valid.', code: 'API_KEY_INVALID' }, 'model_auth', false],
    [
      { status: 400, message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).' },
      'model_prompt_too_long',
      false,
    ],
    [{ failAfter: 'H', message: 'The model is overloaded.' }, 'model_unavailable', true],
  ])('that answers %j is %s', async (reply, code, retryable) => {
    expect(await failure(generate('google', reply))).toMatchObject({ code, retryable })
  })
})
