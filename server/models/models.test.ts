import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { ModelRequest } from '@/nodes/step'
import { startForgetfulServer } from '../http-client/testing/forgetful-server'
import { createServices } from '../services'
import { createModels, type ModelEnv } from './models'
import { providerModel } from './provider-model'
import { startOpenAIServer, type OpenAIServer, type Reply } from './testing/openai-server'

let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())

const schema: JsonObject = {
  type: 'object',
  properties: { risk: { type: 'string', enum: ['high', 'low'] }, score: { type: 'number' } },
  required: ['risk'],
  additionalProperties: false,
}

function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { system: 'You are brief.', prompt: 'Say hello.', signal: new AbortController().signal, ...more }
}

const modelBy = (env: ModelEnv, name?: string) => createModels({ env }).find('workspace', name)

async function generate(reply: Reply, request = ask(), name = 'openai/test-model') {
  server.reply(reply)
  const model = await modelBy({ OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'sk-test' }, name)
  return model.generate(request)
}

async function failure(work: Promise<unknown>): Promise<StepError> {
  const error = await work.then(
    (value) => expect.fail(`It gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

describe('an OpenAI-compatible server', () => {
  test('is asked with key, model, instructions and settings', async () => {
    await generate({ say: 'Hello' }, ask({ temperature: 0.3, maxTokens: 50 }))
    expect(server.requests.at(-1)).toMatchObject({
      authorization: 'Bearer sk-test',
      body: {
        model: 'test-model',
        stream: true,
        temperature: 0.3,
        max_tokens: 50,
        messages: [
          { role: 'system', content: 'You are brief.' },
          { role: 'user', content: 'Say hello.' },
        ],
      },
    })
  })

  test('streams its text as it arrives and tells its usage', async () => {
    const chunks: string[] = []
    const answer = await generate(
      { say: 'Hello there, friend' },
      ask({ onText: (chunk) => chunks.push(chunk) }),
    )
    expect(chunks).toEqual(['Hello ', 'there, ', 'friend'])
    expect(answer).toEqual({
      text: 'Hello there, friend',
      usage: { inputTokens: 11, outputTokens: 7, model: 'openai/test-model' },
    })
  })

  test('gives an object of the wanted shape', async () => {
    const answer = await generate({ say: '{"risk": "high", "score": 0.8}' }, ask({ schema }))
    expect(answer.object).toEqual({ risk: 'high', score: 0.8 })
    const { response_format: format, messages } = server.requests.at(-1)!.body
    expect(format).toMatchObject({ type: 'json_schema', json_schema: { schema } })
    expect(JSON.stringify(messages[0])).toContain('JSON Schema')
  })

  test('is understood when it fences its JSON or talks around it', async () => {
    const fenced = await generate({ say: 'Sure!\n```json\n{"risk": "low"}\n```' }, ask({ schema }))
    expect(fenced.object).toEqual({ risk: 'low' })
    const chatty = await generate({ say: 'It is {"risk": "low"}, I think.' }, ask({ schema }))
    expect(chatty.object).toEqual({ risk: 'low' })
  })

  test('is asked for an object even when a list is wanted', async () => {
    const list: JsonObject = { type: 'array', items: { type: 'string' } }
    const answer = await generate({ say: '{"value": ["a", "b"]}' }, ask({ schema: list }))
    expect(answer.object).toEqual(['a', 'b'])
  })

  test.each([
    ['{"risk": "middling"}', /risk/],
    ['{"score": 1}', /risk/],
    ['I would rather not.', /not JSON/],
  ])('that answers %s gave no valid output', async (say, message) => {
    const error = await failure(generate({ say }, ask({ schema })))
    expect(error).toMatchObject({ code: 'model_output_invalid', retryable: true })
    expect(error.message).toMatch(message)
    expect(error.usage).toEqual({ inputTokens: 11, outputTokens: 7, model: 'openai/test-model' })
  })

  test('that reaches the length in mid-object gave no valid output', async () => {
    const error = await failure(generate({ say: '{"risk": "hi', finish: 'length' }, ask({ schema })))
    expect(error.code).toBe('model_output_invalid')
  })

  test.each<[Reply, string, boolean]>([
    [{ status: 401, message: 'Incorrect API key' }, 'model_auth', false],
    [{ status: 403 }, 'model_auth', false],
    [{ status: 404, message: 'no such model' }, 'model_unknown', false],
    [{ status: 400, message: 'bad temperature' }, 'model_request_refused', false],
    [{ status: 400, message: 'No.', code: 'context_length_exceeded' }, 'model_prompt_too_long', false],
    [{ status: 400, message: 'prompt is too long: 9 tokens > 8' }, 'model_prompt_too_long', false],
    [{ status: 413 }, 'model_prompt_too_long', false],
    [{ status: 429 }, 'model_rate_limited', true],
    [{ status: 429, code: 'insufficient_quota' }, 'model_rate_limited', false],
    [{ status: 500 }, 'model_unavailable', true],
    [{ status: 503 }, 'model_unavailable', true],
    [{ cutAfter: 'Half an ans' }, 'model_unavailable', true],
    [{ endAfter: 'Half an ans' }, 'model_unavailable', true],
    [{ failAfter: 'Half an ans', message: 'Out of memory' }, 'model_unavailable', true],
    [{ failAfter: '', message: 'Slow down', code: 429 }, 'model_rate_limited', true],
    [{ failAfter: 'Half', message: 'No', code: 'context_length_exceeded' }, 'model_prompt_too_long', false],
    [{ status: 402, message: 'Insufficient balance' }, 'model_rate_limited', false],
    [{ say: '', finish: 'content_filter' }, 'model_request_refused', false],
  ])('that answers %j is %s', async (reply, code, retryable) => {
    expect(await failure(generate(reply))).toMatchObject({ code, retryable })
  })

  test('that breaks off is said to do so, in our words', async () => {
    expect(await failure(generate({ cutAfter: 'Half an ans' }))).toMatchObject({
      message: expect.stringMatching(/broke off in the middle of its answer/),
    })
  })

  test('that closes its idle connections is asked once more, by a new one', async () => {
    const chunks = [
      { choices: [{ index: 0, delta: { content: 'Still here' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ]
    const body = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
      (data) => `data: ${data}\n\n`,
    )
    const forgetful = await startForgetfulServer({
      ...{ answers: 1, parting: 'end', type: 'text/event-stream', body: body.join('') },
    })
    const services = createServices({ env: { OPENAI_BASE_URL: forgetful.url } })
    try {
      const model = await services('workspace').model('openai/m')
      for (let call = 1; call <= 3; call++) {
        expect((await model.generate(ask())).text).toBe('Still here')
        // The connection is put back for the next call some turns after its answer was read.
        for (let turn = 0; turn < 5; turn++) await nextTurn()
      }
      expect(forgetful.requests.length).toBeGreaterThan(3)
    } finally {
      await services.close()
      await forgetful.close()
    }
  })

  test('whose address leads elsewhere says so, and is not followed', async () => {
    server.reply({ status: 308, headers: { location: 'https://example.com/v1' } })
    const services = createServices({ env: { OPENAI_BASE_URL: server.url } })
    const model = await services('workspace').model('openai/m')
    const error = await failure(model.generate(ask()))
    expect(error).toMatchObject({ code: 'model_request_refused', retryable: false })
    expect(error.message).toContain('308')
    await services.close()
  })

  test('that says when to come back is not asked before', async () => {
    const error = await failure(generate({ status: 429, headers: { 'retry-after': '3' } }))
    expect(error.details).toEqual({ status: 429, retryAfterMs: 3_000 })
  })

  test('may say so by a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    const { details } = await failure(generate({ status: 503, headers: { 'retry-after': date } }))
    const { retryAfterMs } = details as { retryAfterMs: number }
    expect(retryAfterMs).toBeGreaterThan(50_000)
    expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  test('that repeats the key it refuses does not get it into the error', async () => {
    const error = await failure(generate({ status: 401, message: 'Wrong key: sk-test' }))
    expect(error.message).not.toContain('sk-test')
    expect(error.message).toContain('Wrong key: …')
  })

  test('that stalls in the middle is left', async () => {
    server.reply({ stallAfter: 'Half an ans' })
    const model = createOpenAICompatible({ name: 'x', baseURL: server.url })('m')
    const error = await failure(providerModel('x/m', model, { silenceMs: 50 }).generate(ask()))
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
    expect(error.message).toMatch(/silent/)
  })

  test('that is slow but goes on is heard out', async () => {
    server.reply({ say: 'a b c d e f', everyMs: 100 })
    const model = createOpenAICompatible({ name: 'x', baseURL: server.url })('m')
    const answer = await providerModel('x/m', model, { silenceMs: 400 }).generate(ask())
    expect(answer.text).toBe('a b c d e f')
  })

  test('that is away is unavailable', async () => {
    const model = await modelBy({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, 'openai/x')
    const error = await failure(model.generate(ask()))
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
  })

  test('that keeps silent is left when the step is cancelled or times out', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const work = generate({ silent: true }, ask({ signal: controller.signal }))
    controller.abort(reason)
    await expect(work).rejects.toBe(reason)
    const error = await failure(generate({ silent: true }, ask({ signal: AbortSignal.timeout(30) })))
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
  })

  test('offers its first model as the default, and its models as local/ too', async () => {
    server.reply({ say: 'Hello' })
    const env = { OPENAI_BASE_URL: server.url }
    expect((await modelBy(env)).name).toBe('openai/first-model')
    await (await modelBy(env, 'local/some/model')).generate(ask())
    expect(server.requests.at(-1)).toMatchObject({ authorization: undefined, body: { model: 'some/model' } })
  })
})

describe('names of models', () => {
  test('none means the first provider with a key, else the offline model', async () => {
    expect((await modelBy({})).name).toBe('offline')
    expect((await modelBy({ ANTHROPIC_API_KEY: 'k' })).name).toMatch(/^anthropic\//)
    expect((await modelBy({ GOOGLE_GENERATIVE_AI_API_KEY: 'k' })).name).toMatch(/^google\//)
    expect((await modelBy({ ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' })).name).toMatch(/^openai\//)
    expect((await modelBy({ OPENAI_API_KEY: 'k' }, 'offline')).name).toBe('offline')
  })

  test.each(['gpt-4o', 'nobody/x', 'openai/', '/x', ''])('"%s" is unknown', async (name) => {
    expect((await failure(modelBy({ OPENAI_API_KEY: 'k' }, name))).code).toBe('model_unknown')
  })

  test.each([
    ['openai/gpt-4o-mini', 'OPENAI_API_KEY'],
    ['anthropic/claude', 'ANTHROPIC_API_KEY'],
    ['google/gemini', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    ['local/llama', 'OPENAI_BASE_URL'],
  ])('%s without a key says to set %s', async (name, variable) => {
    const error = await failure(modelBy({}, name))
    expect(error.code).toBe('model_no_key')
    expect(error.message).toContain(variable)
  })
})
