import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { StepError } from '@/flow/kind'
import type { HttpRequest } from '@/nodes/step'
import { parseAllowList } from './allow-list'
import { createHttpClient, type HttpClient } from './client'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const servers: Server[] = []
const clients: HttpClient[] = []
let port = 0
let otherPort = 0
let handler: Handler = (_, response) => response.end()

async function listen(onRequest: Handler): Promise<number> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => onRequest(request, response, body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  port = await listen((...given) => handler(...given))
  otherPort = await listen((request, response) => response.end(JSON.stringify(request.headers)))
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})
afterAll(() => servers.forEach((server) => server.close()))

function client(allow = ''): HttpClient {
  const made = createHttpClient(parseAllowList(allow))
  clients.push(made)
  return made
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: {},
    signal: new AbortController().signal,
    maxBytes: 1024 * 1024,
    ...more,
  }
}

async function failure(work: Promise<unknown>): Promise<StepError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

const text = (body: Uint8Array) => Buffer.from(body).toString()

describe('which addresses may be reached', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://10.0.0.1:PORT/',
    'http://172.16.5.4:PORT/',
    'http://192.168.1.1:PORT/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fd00::1]:PORT/',
    'http://224.0.0.1:PORT/',
    'http://255.255.255.255:PORT/',
  ])('%s is refused', async (url) => {
    const error = await failure(client().request(get(url.replace('PORT', String(port)))))
    expect(error.code).toBe('http_address_refused')
    expect(error.retryable).toBe(false)
  })

  test('the refusal says how to allow the very place', async () => {
    const error = await failure(client().request(get(`http://localhost:${port}/`)))
    expect(error.message).toContain(`MILLRACE_HTTP_ALLOW=localhost:${port}`)
  })

  test.each([
    ['127.0.0.1:PORT', 'http://127.0.0.1:PORT/'],
    ['127.0.0.1', 'http://127.0.0.1:PORT/'],
    ['localhost:PORT', 'http://localhost:PORT/'],
    ['127.0.0.0/8', 'http://localhost:PORT/'],
    ['127.0.0.1', 'http://2130706433:PORT/'],
    ['example.com, 127.0.0.0/8', 'http://[::ffff:127.0.0.1]:PORT/'],
  ])('with %s allowed, %s is reached', async (allow, url) => {
    handler = (_, response) => response.end('here')
    const answer = await client(allow.replace('PORT', String(port))).request(
      get(url.replace('PORT', String(port))),
    )
    expect(text(answer.body)).toBe('here')
  })

  test.each([
    ['127.0.0.1:1', 'http://127.0.0.1:PORT/'],
    ['otherhost', 'http://localhost:PORT/'],
    ['10.0.0.0/8', 'http://127.0.0.1:PORT/'],
    ['localhost:1', 'http://localhost:PORT/'],
  ])('with only %s allowed, %s is still refused', async (allow, url) => {
    const error = await failure(client(allow).request(get(url.replace('PORT', String(port)))))
    expect(error.code).toBe('http_address_refused')
  })

  test('an entry that is no host is named when the list is read', () => {
    expect(() => parseAllowList('localhost, http://x/y')).toThrow(/http:\/\/x\/y/)
    expect(() => parseAllowList('10.0.0.0/99')).toThrow(RangeError)
  })

  test('public addresses need no entry, those embedded in NAT64 included', () => {
    const none = parseAllowList('')
    expect(none.allows('example.com', 443, '93.184.215.14')).toBe(true)
    expect(none.allows('example.com', 443, '2606:2800:21f:cb07:6820:80da:af6b:8b2c')).toBe(true)
    expect(none.allows('example.com', 443, '64:ff9b::5db8:d70e')).toBe(true)
    expect(none.allows('example.com', 443, '64:ff9b::a00:1')).toBe(false)
  })
})

describe('redirects', () => {
  test('are followed, and each hop is checked', async () => {
    handler = (request, response) =>
      request.url === '/end' ? response.end('the end') : response.writeHead(302, { location: '/end' }).end()
    const answer = await client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`))
    expect(text(answer.body)).toBe('the end')

    handler = (_, response) => response.writeHead(302, { location: `http://localhost:${otherPort}/` }).end()
    const error = await failure(client(`127.0.0.1:${port}`).request(get(`http://127.0.0.1:${port}/`)))
    expect(error.code).toBe('http_address_refused')
  })

  test('take no credentials to another origin', async () => {
    handler = (_, response) => response.writeHead(307, { location: `http://127.0.0.1:${otherPort}/` }).end()
    const answer = await client('127.0.0.1').request(
      get(`http://127.0.0.1:${port}/`, {
        headers: { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k', accept: 'text/plain' },
      }),
    )
    const seen = JSON.parse(text(answer.body))
    expect(seen.accept).toBe('text/plain')
    expect(seen).not.toHaveProperty('authorization')
    expect(seen).not.toHaveProperty('cookie')
    expect(seen).not.toHaveProperty('x-api-key')
  })

  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'hello'],
    [308, 'POST', 'hello'],
  ])('a POST after %i goes on as %s', async (status, method, body) => {
    const seen: string[] = []
    handler = (request, response, given) => {
      if (request.url === '/end') {
        seen.push(`${request.method} ${given}`)
        response.end()
      } else response.writeHead(status, { location: '/end' }).end()
    }
    await client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'hello' }))
    expect(seen).toEqual([`${method} ${body}`])
  })

  test('end after ten', async () => {
    handler = (_, response) => response.writeHead(302, { location: '/' }).end()
    const error = await failure(client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`)))
    expect(error.message).toContain('redirects without end')
  })

  test('lead nowhere but the web', async () => {
    handler = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    const error = await failure(client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`)))
    expect(error.code).toBe('http_network')
  })
})

describe('answers', () => {
  test('come with status, headers and bytes', async () => {
    handler = (_, response) =>
      response.writeHead(404, { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] }).end('no such thing')
    const answer = await client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`))
    expect(answer.status).toBe(404)
    expect(answer.headers).toMatchObject({ 'x-one': '1', 'set-cookie': 'a=1, b=2' })
    expect(text(answer.body)).toBe('no such thing')
  })

  test('are unpacked', async () => {
    handler = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'))
    const answer = await client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`))
    expect(text(answer.body)).toBe('packed')
  })

  test('above the limit are refused, by their length, by their flow and when packed small', async () => {
    const sizes: Handler[] = [
      (_, response) => response.end(Buffer.alloc(5_000)),
      (_, response) => {
        response.write(Buffer.alloc(3_000))
        response.end(Buffer.alloc(3_000))
      },
      (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000))),
    ]
    for (handler of sizes) {
      const error = await failure(
        client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`, { maxBytes: 4_096 })),
      )
      expect(error.code).toBe('response_too_large')
    }
  })
})

describe('what goes wrong', () => {
  test('nobody listening is a network error worth another attempt', async () => {
    const error = await failure(client('127.0.0.1').request(get('http://127.0.0.1:1/')))
    expect(error).toMatchObject({ code: 'http_network', retryable: true })
    expect(error.message).toBe('Nothing answers at 127.0.0.1:1.')
  })

  test('an unknown host is a network error', async () => {
    const error = await failure(client().request(get('http://does-not-exist.invalid/')))
    expect(error).toMatchObject({ code: 'http_network', retryable: true })
  })

  test('a connection cut in mid-answer is a network error', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    }
    const error = await failure(client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`)))
    expect(error).toMatchObject({ code: 'http_network', retryable: true })
  })

  test('an abort throws its reason, a timeout becomes http_timeout', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    handler = () => controller.abort(reason)
    const aborted = client('127.0.0.1').request(
      get(`http://127.0.0.1:${port}/`, { signal: controller.signal }),
    )
    await expect(aborted).rejects.toBe(reason)

    handler = () => undefined
    const error = await failure(
      client('127.0.0.1').request(get(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20) })),
    )
    expect(error).toMatchObject({ code: 'http_timeout', retryable: true })
  })
})
