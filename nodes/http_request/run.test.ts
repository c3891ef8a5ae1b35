import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { effectOf, type StepError } from '@/flow/kind'
import { createServices } from '@/server/services'
import { kinds } from '../definitions'
import { doneOf, noon, perform, type Given } from '../testing/perform'

interface Seen {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

let url = ''
let seen: Seen
let reply: (response: ServerResponse) => void = (response) => response.end()

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    seen = { method: request.method, url: request.url, headers: request.headers, body }
    reply(response)
  })
})
const source = createServices({ env: { MILLRACE_HTTP_ALLOW: '127.0.0.1' } })
const services = source('workspace')

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await source.close()
  server.close()
})

async function request(config: JsonObject, given: Given = {}): Promise<JsonObject> {
  const { outcome } = await perform('http_request', { url, ...config }, { services, ...given })
  const { output } = doneOf(outcome)
  if (!isObject(output)) throw new Error('The output is no object.')
  return output as JsonObject
}

async function failure(config: JsonObject, given: Given = {}): Promise<StepError> {
  return request(config, given).then(
    (output) => expect.fail(`It gave ${JSON.stringify(output)}`),
    (error: StepError) => error,
  )
}

function answer(body: string | Buffer, headers: Record<string, string> = {}, status = 200): void {
  reply = (response) => response.writeHead(status, headers).end(body)
}

describe('what is sent', () => {
  test('is the method, address, query and headers, with the key of the step', async () => {
    await request(
      {
        url: `${url}/customers/\${input.id}?a=1`,
        query: { q: '${input.name}', tags: ['x', 'y'], none: null },
        headers: { Authorization: 'Bearer ${secrets.TOKEN}', 'X-Empty': null },
      },
      { input: { id: 7, name: 'a & b' }, secrets: { TOKEN: 's3cret' } },
    )
    expect(seen).toMatchObject({ method: 'GET', url: '/customers/7?a=1&q=a+%26+b&tags=x&tags=y', body: '' })
    expect(seen.headers).toMatchObject({ authorization: 'Bearer s3cret', 'idempotency-key': 'run:step:1' })
    expect(seen.headers).not.toHaveProperty('x-empty')
  })

  test.each<[Json, string, string]>([
    [{ n: '${input}' }, '{"n":5}', 'application/json'],
    [[1], '[1]', 'application/json'],
    ['plain ${input}', 'plain 5', 'text/plain; charset=utf-8'],
    ['{"typed": ${input}}', '{"typed": 5}', 'application/json'],
    ['${{"made": input}}', '{"made":5}', 'application/json'],
    [false, 'false', 'application/json'],
  ])('with the body %j is %s', async (body, sent, type) => {
    await request({ method: 'POST', body }, { input: 5 })
    expect(seen).toMatchObject({ method: 'POST', body: sent })
    expect(seen.headers['content-type']).toBe(type)
  })

  test('is a form when the header says so', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await request({ method: 'POST', headers, body: { a: 'x y', b: [1, 2] } })
    expect(seen.body).toBe('a=x+y&b=1&b=2')
  })

  test('has name and password of the address as Basic', async () => {
    await request({ url: url.replace('//', '//ana:p%40ss@') })
    expect(seen.headers.authorization).toBe(`Basic ${Buffer.from('ana:p@ss').toString('base64')}`)
  })

  test.each([
    [{ url: 'not an address' }, 'http_url_invalid'],
    [{ url: 'file:///etc/passwd' }, 'http_url_invalid'],
    [{ headers: { 'bad name': 'x' } }, 'http_header_invalid'],
    [{ headers: { good: 'two\nlines' } }, 'http_header_invalid'],
  ])('is nothing for %j: %s', async (config, code) => {
    expect((await failure(config)).code).toBe(code)
  })
})

describe('what comes back', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])
  test.each<[string, string | Buffer, Record<string, string>, JsonObject, Json]>([
    ['JSON', '{"a":1}', { 'content-type': 'application/json' }, {}, { a: 1 }],
    ['JSON of a kind', '[1]', { 'content-type': 'application/problem+json; charset=utf-8' }, {}, [1]],
    ['broken JSON', '{"a"', { 'content-type': 'application/json' }, {}, '{"a"'],
    ['text', 'hi', { 'content-type': 'text/plain' }, {}, 'hi'],
    ['Latin text', Buffer.from([0xe9]), { 'content-type': 'text/plain; charset=iso-8859-1' }, {}, 'é'],
    ['unnamed JSON', '{"a":1}', {}, {}, { a: 1 }],
    ['unnamed text', 'hi', {}, {}, 'hi'],
    ['nothing', '', { 'content-type': 'application/json' }, {}, null],
    [
      'an image',
      png,
      { 'content-type': 'image/png' },
      {},
      { base64: png.toString('base64'), type: 'image/png' },
    ],
    ['JSON as text', '{"a":1}', { 'content-type': 'application/json' }, { responseType: 'text' }, '{"a":1}'],
    ['text as JSON', '{"a":1}', { 'content-type': 'text/plain' }, { responseType: 'json' }, { a: 1 }],
  ])('as %s is read so', async (_, body, headers, config, read) => {
    answer(body, headers)
    expect(await request(config)).toMatchObject({ status: 200, body: read })
  })

  test('has its headers in lower case', async () => {
    answer('', { 'X-One': '1' })
    expect((await request({})).headers).toMatchObject({ 'x-one': '1' })
  })

  test('as no JSON where JSON is demanded is an error', async () => {
    answer('<html>', { 'content-type': 'text/html' })
    expect(await failure({ responseType: 'json' })).toMatchObject({ code: 'http_body_invalid' })
  })
})

describe('failures', () => {
  test.each([
    [404, false],
    [400, false],
    [408, true],
    [429, true],
    [500, true],
    [501, false],
    [503, true],
  ])('%i is an error, worth another attempt: %s', async (status, retryable) => {
    answer('{"why":"because"}', { 'content-type': 'application/json' }, status)
    const error = await failure({ url: `${url}/secret?token=hidden` })
    expect(error).toMatchObject({
      code: 'http_status',
      retryable,
      details: { status, body: { why: 'because' } },
    })
    expect(error.message).not.toContain('hidden')
  })

  test.each([
    ['5xx', 404, true],
    ['5xx', 500, false],
    ['never', 500, true],
  ])('with failOn %s a %i passes: %s', async (failOn, status, passes) => {
    answer('no', {}, status)
    const passed = await request({ failOn }).then(
      () => true,
      () => false,
    )
    expect(passed).toBe(passes)
  })

  test.each([
    ['7', 7_000],
    [new Date(noon + 90_000).toUTCString(), 90_000],
  ])('Retry-After: %s is heeded', async (header, retryAfterMs) => {
    answer('', { 'retry-after': header }, 429)
    expect(await failure({})).toMatchObject({ details: { retryAfterMs } })
  })

  test('a private address is refused, with how to allow it', async () => {
    const guarded = createServices({ env: {} })
    const error = await failure({}, { services: guarded('workspace') })
    await guarded.close()
    expect(error.code).toBe('http_address_refused')
    expect(error.message).toContain('MILLRACE_HTTP_ALLOW=127.0.0.1:')
  })

  test('a timeout is one worth another attempt', async () => {
    reply = () => undefined
    expect(await failure({}, { signal: AbortSignal.timeout(30) })).toMatchObject({
      code: 'http_timeout',
      retryable: true,
    })
  })
})

test.each<[JsonObject, string]>([
  [{}, 'idempotent'],
  [{ method: 'PUT' }, 'idempotent'],
  [{ method: 'DELETE' }, 'idempotent'],
  [{ method: 'POST' }, 'once'],
  [{ method: 'PATCH' }, 'once'],
  [{ method: 'POST', idempotent: true }, 'idempotent'],
  [{ method: 'POST', idempotent: false }, 'once'],
])('%j may be repeated after a crash: %s', (config, effect) => {
  const definition = kinds.get('http_request')
  expect(definition && effectOf(definition, { url: 'http://x', ...config })).toBe(effect)
})
