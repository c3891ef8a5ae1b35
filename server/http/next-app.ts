import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'

export interface NextApp {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  close(): Promise<void>
}

/** Loads Next, which takes the longest of all that starts. */
export async function loadNext(options: {
  isDevelopment: boolean
  folder: string
  port: number
  /** Of development: where it listens for reloads. */
  server?: Server
}): Promise<NextApp> {
  const { isDevelopment, folder, port, server } = options
  const { default: next } = await import('next')
  await readConfigQuietly(isDevelopment, folder)
  const app = next({
    dev: isDevelopment,
    dir: folder,
    ...(server ? { httpServer: server } : {}),
    hostname: 'localhost',
    port,
    quiet: !isDevelopment,
  })
  await app.prepare()
  return { handle: app.getRequestHandler(), upgrade: app.getUpgradeHandler(), close: () => app.close() }
}

/** Next announces its configuration unless it has read it before; a start prints one line, and that is ours. */
async function readConfigQuietly(isDevelopment: boolean, folder: string): Promise<void> {
  const require = createRequire(import.meta.url)
  const {
    default: read,
  }: { default: (phase: string, folder: string) => Promise<unknown> } = require('next/dist/server/config')
  await read(isDevelopment ? 'phase-development-server' : 'phase-production-server', folder)
}
