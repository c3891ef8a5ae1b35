import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import {
  createMcpHandler,
  isInitializeRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

export interface TestMcpServer {
  url: string
  /** Headers of each request, in order. */
  seen: Headers[]
  /** Names of the tools called, in order. */
  called: string[]
  /** A server that keeps sessions forgets them all. */
  forget(): void
  /** What answers instead from now on; null: the server itself. */
  instead: ((request: Request) => Promise<Response> | Response) | null
  close(): Promise<void>
}

/**
 * A server with tools over real HTTP: of the newest protocol and stateless, or (`sessions`) of 2025 with sessions. A request
 * without `authorization: Bearer let-me-in` is refused when `isGuarded`.
 */
export async function startMcpServer({
  sessions = false,
  isGuarded = false,
}: { sessions?: boolean; isGuarded?: boolean } = {}): Promise<TestMcpServer> {
  const seen: Headers[] = []
  const called: string[] = []
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const stateless = createMcpHandler(() => toolServer(called))

  async function withSession(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    const known = id === null ? undefined : transports.get(id)
    if (known) return known.handleRequest(request)
    const body: unknown = request.method === 'POST' ? await request.clone().json() : null
    if (id !== null) return new Response('Session not found', { status: 404 })
    if (!isInitializeRequest(body)) return new Response('No session', { status: 400 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (made) => void transports.set(made, transport),
    })
    await toolServer(called).connect(transport)
    return transport.handleRequest(request)
  }

  const test: Omit<TestMcpServer, 'url' | 'close'> = {
    seen,
    called,
    forget: () => transports.clear(),
    instead: null,
  }
  const server = createServer(
    getRequestListener(async (request) => {
      seen.push(request.headers)
      if (test.instead) return test.instead(request)
      if (isGuarded && request.headers.get('authorization') !== 'Bearer let-me-in') {
        return new Response('Who are you?', { status: 401 })
      }
      return sessions ? withSession(request) : stateless.fetch(request)
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(test, {
    url: `http://127.0.0.1:${port}/mcp`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function toolServer(called: string[]): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' })
  server.registerTool(
    'stock.of',
    {
      description: 'How many of an article are in stock',
      inputSchema: z.object({ article: z.string() }),
      outputSchema: z.object({ article: z.string(), count: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ article }) => {
      called.push('stock.of')
      const found = { article, count: article.length }
      return { content: [{ type: 'text', text: JSON.stringify(found) }], structuredContent: found }
    },
  )
  server.registerTool(
    'order',
    { description: 'Orders an article', inputSchema: z.object({ article: z.string() }) },
    ({ article }) => {
      called.push('order')
      if (article === 'unicorn') return { isError: true, content: [{ type: 'text', text: 'Sold out.' }] }
      return { content: [{ type: 'text', text: `Ordered ${article}.` }] }
    },
  )
  server.registerTool('list', { description: 'Gives JSON as text' }, () => {
    called.push('list')
    return { content: [{ type: 'text', text: '[{"id":1},{"id":2}]' }] }
  })
  server.registerTool('photo', {}, () => ({
    content: [
      { type: 'text', text: 'A photo' },
      { type: 'image', data: 'aGk=', mimeType: 'image/png' },
    ],
  }))
  server.registerTool('huge', {}, () => ({ content: [{ type: 'text', text: 'x'.repeat(2_000_000) }] }))
  return server
}
