import { WebSocket, type Agent } from 'undici'

/** A WebSocket through the guarded agent, as the web has them; headers are for the first request. */
export function guardedSocket(agent: Agent, url: string, headers: Record<string, string>): WebSocket {
  return new WebSocket(url, { dispatcher: agent, headers })
}
