import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** What a client sends: its type, and whatever belongs to it. */
interface Sent {
  type: string
  session?: { instructions: string; tools: { name: string }[] }
  item?: { type: string; call_id: string; output: string }
}

/** A server that speaks the control channel of a realtime session over real WebSockets, as it is told to. */
export interface RealtimeServer {
  url: string
  /** What clients have sent, in order. */
  sent: Sent[]
  /** The headers of each session's first request. */
  headers: { [name: string]: string | string[] | undefined }[]
  /** To the newest session. */
  say(...messages: object[]): void
  sayText(text: string): void
  /** The newest session ends. */
  hangUp(): void
  close(): Promise<void>
}

export async function startRealtimeServer(key: string): Promise<RealtimeServer> {
  const sent: Sent[] = []
  const headers: RealtimeServer['headers'] = []
  let newest: WebSocket | null = null
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: ({ req }: { req: { headers: { authorization?: string } } }) =>
      req.headers.authorization === `Bearer ${key}`,
  })
  server.on('connection', (socket, request) => {
    newest = socket
    headers.push(request.headers)
    socket.on('message', (data) => sent.push(JSON.parse(String(data))))
    socket.send(JSON.stringify({ type: 'session.created', session: { id: 'sess_1' } }))
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/v1/realtime?call_id=rtc_1`,
    sent,
    headers,
    say: (...messages) => messages.forEach((message) => newest?.send(JSON.stringify(message))),
    sayText: (text) => newest?.send(text),
    hangUp: () => newest?.close(1000),
    async close() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
