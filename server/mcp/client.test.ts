import { afterEach, describe, expect, test } from 'vitest'
import { StepError } from '@/flow/kind'
import { parseAllowList } from '../http-client/allow-list'
import { createHttpClient } from '../http-client/client'
import { createMcpClient, type McpClient, type McpServer } from './client'
import { startMcpServer, type TestMcpServer } from './testing/mcp-server'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options?: Parameters<typeof startMcpServer>[0]): Promise<TestMcpServer> {
  const server = await startMcpServer(options)
  closing.push(server.close)
  return server
}

function clientOf({ allow = '127.0.0.1', maxBytes = 1024 * 1024 } = {}): McpClient {
  const http = createHttpClient(parseAllowList(allow))
  const client = createMcpClient(http.fetch({ maxBytes }))
  closing.push(http.close, client.close)
  return client
}

const at = (url: string, headers: Record<string, string> = {}): McpServer => ({
  workspaceId: 'w',
  name: 'shop',
  url,
  headers,
})
const signal = () => new AbortController().signal

async function failure(work: Promise<unknown>): Promise<StepError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

describe.each([
  ['of the newest protocol', {}],
  ['of 2025, with sessions', { sessions: true }],
])('a server %s', (_, options) => {
  test('tells its tools, by names that models may use', async () => {
    const server = await start(options)
    const tools = await clientOf().tools(at(server.url), signal())
    expect(tools.map(({ name, effect }) => [name, effect])).toEqual([
      ['stock_of', 'idempotent'],
      ['order', 'once'],
      ['list', 'once'],
      ['photo', 'once'],
      ['huge', 'once'],
    ])
    expect(tools[0]).toMatchObject({
      description: 'How many of an article are in stock',
      parameters: { type: 'object', properties: { article: { type: 'string' } }, required: ['article'] },
    })
  })

  test.each([
    ['stock_of', { article: 'bike' }, { article: 'bike', count: 4 }],
    ['stock.of', { article: 'bike' }, { article: 'bike', count: 4 }],
    ['order', { article: 'bike' }, 'Ordered bike.'],
    ['list', {}, [{ id: 1 }, { id: 2 }]],
    [
      'photo',
      {},
      [
        { type: 'text', text: 'A photo' },
        { type: 'image', data: 'aGk=', mimeType: 'image/png' },
      ],
    ],
  ])('answers a call of %s', async (tool, args, expected) => {
    const server = await start(options)
    expect(await clientOf().call(at(server.url), tool, args, signal())).toEqual(expected)
  })

  test('says why a tool failed, what tools there are, and which arguments are wrong', async () => {
    const server = await start(options)
    const client = clientOf()
    const call = (tool: string, args: object) =>
      failure(client.call(at(server.url), tool, { ...args }, signal()))
    expect(await call('order', { article: 'unicorn' })).toMatchObject({
      code: 'mcp_tool_failed',
      message: 'order failed: Sold out.',
    })
    expect((await call('sell', {})).code).toBe('mcp_tool_missing')
    expect((await call('sell', {})).message).toContain('stock.of, order')
    expect((await call('order', { article: 5 })).code).toMatch(/^mcp_(arguments_invalid|tool_failed)$/)
    expect(server.called).toEqual(['order'])
  })

  test('is asked once to begin for several calls', async () => {
    const server = await start(options)
    const client = clientOf()
    await client.call(at(server.url), 'list', {}, signal())
    const before = server.seen.length
    await client.call(at(server.url), 'list', {}, signal())
    expect(server.seen.length - before).toBe(1)
  })
})

test('sends the headers with each request, and says what to do when they are refused', async () => {
  const server = await start({ isGuarded: true })
  const client = clientOf()
  const refused = await failure(client.tools(at(server.url), signal()))
  expect(refused).toMatchObject({ code: 'mcp_unauthorized', retryable: false })
  expect(refused.message).toContain('Settings')
  const tools = await client.tools(at(server.url, { Authorization: 'Bearer let-me-in' }), signal())
  expect(tools).toHaveLength(5)
})

test('begins anew when the server has forgotten the session', async () => {
  const server = await start({ sessions: true })
  const client = clientOf()
  await client.call(at(server.url), 'list', {}, signal())
  server.forget()
  expect(await client.call(at(server.url), 'list', {}, signal())).toEqual([{ id: 1 }, { id: 2 }])
  expect(server.called).toEqual(['list', 'list'])
})

test('two workspaces never share a session', async () => {
  const server = await start({ sessions: true })
  const client = clientOf()
  await client.call(at(server.url), 'list', {}, signal())
  await client.call({ ...at(server.url), workspaceId: 'other' }, 'list', {}, signal())
  const ids = new Set(server.seen.map((headers) => headers.get('mcp-session-id')).filter((id) => id !== null))
  expect(ids.size).toBe(2)
})

describe('what goes wrong', () => {
  test('a private address is refused before anything is sent', async () => {
    const server = await start()
    const error = await failure(clientOf({ allow: '' }).tools(at(server.url), signal()))
    expect(error).toMatchObject({ code: 'http_address_refused', retryable: false })
    expect(server.seen).toHaveLength(0)
  })

  test('a redirect to another host is not followed, so no header leaks', async () => {
    const [server, other] = [await start(), await start()]
    server.instead = () => new Response(null, { status: 307, headers: { location: other.url } })
    const error = await failure(clientOf().tools(at(server.url, { Authorization: 'secret' }), signal()))
    expect(error.code).toMatch(/^mcp_/)
    expect(other.seen).toHaveLength(0)
  })

  test.each([
    [500, true],
    [429, true],
    [400, false],
    [404, false],
  ])('status %i', async (status, retryable) => {
    const server = await start()
    server.instead = () => new Response('no', { status })
    const error = await failure(clientOf().tools(at(server.url), signal()))
    expect(error).toMatchObject({ code: 'mcp_unreachable', retryable })
    expect(error.message).toContain(String(status))
  })

  test('nobody listens', async () => {
    const server = await start()
    await server.close()
    closing.splice(0)
    const error = await failure(clientOf().tools(at(server.url), signal()))
    expect(error).toMatchObject({ code: 'http_network', retryable: true })
  })

  test('a page of HTML, broken JSON and nonsense are told as such', async () => {
    const server = await start()
    const client = clientOf()
    for (const [body, type] of [
      ['<html>Hello</html>', 'text/html'],
      ['{"jsonrpc": "2.0", "id"', 'application/json'],
      ['{"hello": "there"}', 'application/json'],
      ['event: message\ndata: {{{\n\n', 'text/event-stream'],
    ] as const) {
      server.instead = () => new Response(body, { headers: { 'content-type': type } })
      const error = await failure(client.tools(at(server.url), AbortSignal.timeout(200)))
      expect(error.code, body).toMatch(/^mcp_/)
    }
  })

  test('an answer without end is cut off', async () => {
    const server = await start()
    const error = await failure(
      clientOf({ maxBytes: 1024 * 1024 }).call(at(server.url), 'huge', {}, signal()),
    )
    expect(error.code).toBe('response_too_large')
  })

  test('a step that ends takes its call along at once', async () => {
    const server = await start()
    const client = clientOf()
    await client.tools(at(server.url), signal())
    const controller = new AbortController()
    server.instead = () => {
      controller.abort(new Error('cancelled'))
      return new Promise(() => undefined)
    }
    await expect(client.call(at(server.url), 'list', {}, controller.signal)).rejects.toThrow('cancelled')
  })
})
