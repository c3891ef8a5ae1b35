import { createServer, type AddressInfo, type Socket } from 'node:net'

/** How a connection goes away: in good order, by a reset, or after the first bytes of an answer. */
export type Parting = 'end' | 'reset' | 'half'

export interface ForgetfulServer {
  url: string
  /** The first lines of the requests that came, those without an answer included. */
  requests: string[]
  connections: number
  close(): Promise<void>
}

/**
 * A server that answers so many requests of each connection and then closes it, just when the next one has come: as
 * servers do that give up idle connections while a request is on its way. `body` is what it answers with.
 */
export async function startForgetfulServer({
  answers,
  parting,
  body = 'here',
  type = 'text/plain',
}: {
  answers: number
  parting: Parting
  body?: string
  type?: string
}): Promise<ForgetfulServer> {
  const sockets = new Set<Socket>()
  const state = { requests: [] as string[], connections: 0 }
  const server = createServer((socket) => {
    state.connections++
    sockets.add(socket)
    let answered = 0
    let heard = ''
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      heard += bytes.toString()
      if (!isWhole(heard)) return
      state.requests.push(heard.slice(0, heard.indexOf('\r\n')))
      heard = ''
      if (answered++ < answers) {
        return socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      }
      if (parting === 'reset') return socket.resetAndDestroy()
      return socket.end(parting === 'half' ? 'HTTP/1.1 200' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = Number(/^content-length: *(\d+)/im.exec(request)?.[1] ?? 0)
  return Buffer.byteLength(request.slice(end + 4)) >= length
}
