import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { StepError } from '@/flow/kind'
import { openEmbedder, type Embedder } from './embed'
import { listEmbeddingModels } from './model-list'
import { createModels } from './models'
import type { Provider } from './provider'
import { startOpenAIServer, type OpenAIServer } from './testing/openai-server'

let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.embedAs((text) => [text.length, 1])
})

const opened = (name: string) =>
  createModels({ env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'sk-test' } }).embedder(
    'workspace',
    name,
  )

const never = new AbortController().signal
const embed = (embedder: Embedder, texts: string[], signal = never) =>
  embedder.embed(texts, { as: 'passage', signal })

async function failure(work: Promise<unknown>): Promise<StepError> {
  const error = await work.then(
    (value) => expect.fail(`It gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

describe('an OpenAI-compatible server', () => {
  test('is asked for all texts at once, and answers a vector for each with what it took', async () => {
    const answer = await embed(await opened('openai/small'), ['one', 'three'])
    expect(answer).toEqual({
      vectors: [
        [3, 1],
        [5, 1],
      ],
      usage: { inputTokens: 20, outputTokens: 0, model: 'openai/small' },
    })
    expect(server.embeddingRequests.at(-1)).toMatchObject({
      authorization: 'Bearer sk-test',
      body: { model: 'small', input: ['one', 'three'] },
    })
  })

  test.each([
    [{ status: 401, message: 'sk-test is wrong' }, 'model_auth', false],
    [{ status: 404 }, 'model_unknown', false],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'model_rate_limited', true],
    [{ status: 503 }, 'model_unavailable', true],
    [{ status: 400, message: 'maximum context length is 512 tokens' }, 'model_prompt_too_long', false],
  ])('that answers %j failed with %s', async (reply, code, retryable) => {
    server.embedAs(reply)
    const error = await failure(embed(await opened('openai/small'), ['one']))
    expect(error).toMatchObject({ code, retryable })
    expect(error.message).not.toContain('sk-test')
    if (reply.status === 429) expect(error.details).toMatchObject({ retryAfterMs: 7_000 })
  })

  test('that does not answer in time is not there', async () => {
    server.embedAs({ silent: true })
    const error = await failure(embed(await opened('openai/small'), ['one'], AbortSignal.timeout(20)))
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
  })

  test.each([
    ['vectors of different lengths', (text: string) => Array.from(text, () => 1)],
    ['empty vectors', () => []],
    ['numbers past what can be kept', () => [1e300]],
    ['more numbers than can be compared', () => new Array<number>(16_001).fill(1)],
  ])('that answers %s gave no valid output, and was paid for it', async (_, reply) => {
    server.embedAs(reply)
    const error = await failure(embed(await opened('openai/small'), ['one', 'three']))
    expect(error).toMatchObject({ code: 'model_output_invalid', usage: { inputTokens: 20 } })
  })

  test('that answers words for numbers gave nothing that can be read', async () => {
    server.embedAs(() => ['much', 'little'])
    expect((await failure(embed(await opened('openai/small'), ['one']))).code).toMatch(/^model_/)
  })

  test('may answer numbers so small that they are nothing', async () => {
    server.embedAs(() => [1e-60, -0.5])
    expect((await embed(await opened('openai/small'), ['one'])).vectors).toEqual([[0, -0.5]])
  })
})

test.each([
  ['anthropic/claude', { ANTHROPIC_API_KEY: 'k' }, 'embeddings_not_offered'],
  ['anthropic/claude', {}, 'model_no_key'],
  ['nobody/model', {}, 'model_unknown'],
  ['offline', {}, 'model_unknown'],
])('%s with %j makes no embeddings: %s', async (name, env, code) => {
  expect((await failure(createModels({ env }).embedder('workspace', name))).code).toBe(code)
})

describe('Google', () => {
  const asked: { url: string; key: unknown; body: unknown }[] = []
  const google = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push({ url: request.url ?? '', key: request.headers['x-goog-api-key'], body })
      const answer = request.url?.includes('/models?')
        ? {
            models: [
              { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
              { name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent'] },
            ],
          }
        : { embeddings: [{ values: [1, 2] }, { values: [3, 4] }], embedding: { values: [1, 2] } }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  let provider: Provider
  beforeAll(async () => {
    await new Promise<void>((resolve) => google.listen(0, '127.0.0.1', resolve))
    provider = {
      ...{ name: 'google', kind: 'google', key: 'g-key', hasLostKey: false, source: 'server' },
      baseUrl: `http://127.0.0.1:${(google.address() as AddressInfo).port}/v1beta`,
      fetch: undefined,
    }
  })
  afterAll(() => {
    google.closeAllConnections()
    google.close()
  })

  test('is told what is searched and what is asked, and does not tell what it took', async () => {
    const embedder = openEmbedder('google/gemini-embedding-001', provider, 'gemini-embedding-001', () => 1)
    const { vectors, usage } = await embedder.embed(['one', 'two'], { as: 'passage', signal: never })
    expect(vectors).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 0, model: 'google/gemini-embedding-001' })
    expect(asked.at(-1)).toMatchObject({
      key: 'g-key',
      body: { requests: [{ taskType: 'RETRIEVAL_DOCUMENT' }, {}] },
    })
    await embedder.embed(['one'], { as: 'question', signal: never })
    expect(JSON.stringify(asked.at(-1)?.body)).toContain('RETRIEVAL_QUERY')
  })

  test('tells which of its models make embeddings', async () => {
    expect(await listEmbeddingModels(provider)).toEqual(['gemini-embedding-001'])
  })
})

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? null : JSON.parse(text)
}
