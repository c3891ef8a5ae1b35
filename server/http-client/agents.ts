import { Agent, type Dispatcher } from 'undici'
import type { AllowList } from './allow-list'
import { guardedConnector } from './connect'
import { isStaleConnection } from './stale'

/** Of a step without a timeout of its own, between two signs of life. */
const silenceMs = 5 * 60_000

/** No server that keeps connections at all closes them so soon. */
const briskMs = 1_000

/** By which doing something twice is doing it once (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

export const isIdempotent = (method: string) => idempotent.has(method.toUpperCase())

export interface Agents {
  /** For what is no request with an answer: sockets. */
  usual: Agent
  /**
   * Sends over a connection that may have served before. When such a one turns out to be closed, what may be sent twice is
   * sent once more over a new one; what may not goes by connections that were in use a moment ago, and fails.
   */
  send<T>(isRepeatable: boolean, send: (dispatcher: Dispatcher) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createAgents(allowList: AllowList): Agents {
  const options: Agent.Options = {
    connect: guardedConnector(allowList),
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxHeaderSize: 64 * 1024,
  }
  const usual = new Agent(options)
  const brisk = new Agent({ ...options, keepAliveTimeout: briskMs, keepAliveMaxTimeout: briskMs })
  // Each request has a connection of its own.
  const fresh = new Agent({ ...options, pipelining: 0 })
  return {
    usual,
    async send(isRepeatable, send) {
      if (!isRepeatable) return send(brisk)
      try {
        return await send(usual)
      } catch (error) {
        if (!isStaleConnection(error)) throw error
        return send(fresh)
      }
    },
    async close() {
      await Promise.all([usual.close(), brisk.close(), fresh.close()])
    },
  }
}
