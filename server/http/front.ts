import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { App } from '../app'
import { addressOf, clientAddressHeader } from './client-address'
import type { Pages } from './pages'
import { setCommonHeaders } from './security-headers'

/** The port that was asked for belongs to another program. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/** The HTTP server of this process: holds its port from the first moment, and serves once everything behind it is there. */
export interface Front {
  server: Server
  port: number
  /** Until then everything is answered with 503, `/healthz` aside. */
  serve(parts: { app: App; http: Hono; pages: Pages | null }): void
  /** Takes no more connections and ends the open ones as soon as they have their answer. */
  close(): Promise<void>
}

/** Throws PortTakenError. */
export async function openFront(port: number): Promise<Front> {
  let handle = answerStarting
  const server = createServer((request, response) => {
    setCommonHeaders(response)
    handle(request, response)
  })
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new PortTakenError(`Port ${port} is taken.`, { cause: error }) : error,
      ),
    )
    server.listen(port, () => resolve())
  })
  const address = server.address()
  return {
    server,
    port: address !== null && typeof address === 'object' ? address.port : port,
    serve({ app, http, pages }) {
      const serveHttp = getRequestListener(http.fetch)
      handle = (request, response) => {
        const path = request.url ?? '/'
        if (path.startsWith('/hooks/')) serveHttp(request, response)
        else if (!pages || isForHttp(path)) {
          noteClient(request)
          serveHttp(request, response)
        } else {
          pages.serve(app, request, response).catch((error: unknown) => {
            app.log.error({ err: error, path }, 'A page failed')
            if (!response.headersSent) response.writeHead(500)
            response.end()
          })
        }
      }
      server.on('upgrade', (request, socket, head) => {
        if (pages) pages.upgrade(request, socket, head).catch(() => socket.destroy())
        else socket.destroy()
      })
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const rest = setTimeout(() => server.closeAllConnections(), 1_000)
      await closed
      clearTimeout(rest)
    },
  }
}

const isForHttp = (path: string) => /^\/(?:api\/|(?:healthz|readyz|metrics)(?:\?|$))/.test(path)

function answerStarting(request: IncomingMessage, response: ServerResponse): void {
  const isLiveness = request.url === '/healthz'
  response.writeHead(isLiveness ? 200 : 503, { 'Content-Type': 'application/json', 'Retry-After': '1' })
  const error = { code: 'starting', message: 'Millrace is starting. Try again in a second.' }
  response.end(JSON.stringify(isLiveness ? { status: 'ok', service: 'millrace' } : { error }))
}

/** Replaces what the client may have sent under that name. Hono reads the raw list. */
function noteClient(request: IncomingMessage): void {
  if (clientAddressHeader in request.headers) {
    for (let at = request.rawHeaders.length - 2; at >= 0; at -= 2) {
      if (request.rawHeaders[at]?.toLowerCase() === clientAddressHeader) request.rawHeaders.splice(at, 2)
    }
  }
  const address = addressOf(request)
  request.headers[clientAddressHeader] = address
  request.rawHeaders.push(clientAddressHeader, address)
}
