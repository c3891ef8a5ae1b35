import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { App } from '../app'
import { rootFolder } from '../root'
import { loadNext, type NextApp } from './next-app'
import { startNextThread } from './next-thread'
import { redirectOf } from './page-gate'
import { setPageHeaders } from './security-headers'

/** The interface: Next behind the gate that sends strangers to sign in. */
export interface Pages {
  serve(app: App, request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  close(): Promise<void>
}

/** Begin it first and await it last: Next takes the longest of all that starts. */
export async function loadPages(options: {
  isDevelopment: boolean
  server: Server
  port: number
}): Promise<Pages> {
  const { isDevelopment } = options
  const next: NextApp = isDevelopment
    ? await loadNext({ ...options, folder: rootFolder })
    : await startNextThread({ folder: rootFolder, port: options.port })
  return {
    async serve(app, request, response) {
      const url = request.url ?? '/'
      const target = await redirectOf(app, {
        url,
        headers: headersOf(request),
        onCookies: (cookies) => response.appendHeader('Set-Cookie', cookies),
      })
      if (target !== null) {
        response.writeHead(307, { Location: target, 'Cache-Control': 'no-store' }).end()
        return
      }
      setPageHeaders(response, url, isDevelopment)
      await next.handle(request, response)
    },
    upgrade: next.upgrade,
    close: next.close,
  }
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'host', 'user-agent']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}
