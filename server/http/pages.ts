import { createRequire } from 'node:module'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { App } from '../app'
import { rootFolder } from '../root'
import { redirectOf } from './page-gate'
import { setPageHeaders } from './security-headers'

/** The interface: Next behind the gate that sends strangers to sign in. */
export interface Pages {
  serve(app: App, request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  close(): Promise<void>
}

/** Loads Next, which takes the longest of all that starts: begin it first and await it last. */
export async function loadPages(options: {
  isDevelopment: boolean
  server: Server
  port: number
}): Promise<Pages> {
  const { isDevelopment, server, port } = options
  const { default: next } = await import('next')
  await readConfigQuietly(isDevelopment)
  const nextApp = next({
    dev: isDevelopment,
    dir: rootFolder,
    httpServer: server,
    hostname: 'localhost',
    port,
    quiet: !isDevelopment,
  })
  await nextApp.prepare()
  const handle = nextApp.getRequestHandler()
  const upgrade = nextApp.getUpgradeHandler()
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
      await handle(request, response)
    },
    upgrade,
    close: () => nextApp.close(),
  }
}

/** Next announces its configuration unless it has read it before; a start prints one line, and that is ours. */
async function readConfigQuietly(isDevelopment: boolean): Promise<void> {
  const require = createRequire(import.meta.url)
  const {
    default: read,
  }: { default: (phase: string, folder: string) => Promise<unknown> } = require('next/dist/server/config')
  await read(isDevelopment ? 'phase-development-server' : 'phase-production-server', rootFolder)
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'host', 'user-agent']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}
