import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply } from './openai-server'

type SaidCalls = { tool: string; arguments: object | string; id?: string }[]

/** How one company writes down what a model says. Each text is a frame of the stream, or the JSON of an answer. */
export interface Wire {
  /** Where its API begins. */
  base: string
  models: object
  begin(): string[]
  /** `index` counts the pieces from 0. */
  text(piece: string, index: number): string[]
  calls(calls: SaidCalls, afterText: boolean): string[]
  /** A refusal is told here when the reply ends by `content_filter`. */
  end(finish: 'stop' | 'length' | 'content_filter' | 'calls'): string[]
  fault(message: string, code: string | number | undefined): string[]
  error(status: number, message: string, code: string | undefined): object
}

interface Asked<Body> {
  path: string
  headers: IncomingMessage['headers']
  body: Body
}

export interface VendorServer<Body> {
  url: string
  requests: Asked<Body>[]
  /** The answer from now on; a function answers each request by what it asks. */
  reply: (reply: Reply | ((request: Asked<Body>) => Reply)) => void
  close(): Promise<void>
}

/** One server-sent event, named after its type where the company names its events. */
export function frame(data: { type?: string }, isNamed: boolean): string {
  const name = isNamed && data.type ? `event: ${data.type}\n` : ''
  return `${name}data: ${JSON.stringify(data)}\n\n`
}

/** A server that speaks as a company's own does, over real HTTP, streaming, and says what it is told to. */
export async function startVendorServer<Body>(wire: Wire): Promise<VendorServer<Body>> {
  const requests: Asked<Body>[] = []
  let reply: Reply | ((request: Asked<Body>) => Reply) = { say: 'Hello' }
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (request.method === 'GET') return json(response, 200, wire.models)
    void readBody(request).then((body) => {
      const asked = { path, headers: request.headers, body: JSON.parse(body) as Body }
      requests.push(asked)
      return answer(wire, response, typeof reply === 'function' ? reply(asked) : reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${wire.base}`,
    requests,
    reply: (next) => (reply = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

async function answer(wire: Wire, response: ServerResponse, reply: Reply): Promise<void> {
  if ('silent' in reply) return
  if ('status' in reply) {
    const { status, message = 'No', code, headers } = reply
    return json(response, status, wire.error(status, message, code), headers)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const each of wire.begin()) response.write(each)
  const pieces = textOf(reply).match(/\S+\s*|\s+/g) ?? []
  for (const [index, piece] of pieces.entries()) {
    for (const each of wire.text(piece, index)) response.write(each)
    if ('everyMs' in reply) await new Promise((resolve) => setTimeout(resolve, reply.everyMs))
  }
  if ('stallAfter' in reply) return
  if ('cutAfter' in reply) return void setImmediate(() => response.destroy())
  if ('failAfter' in reply) for (const each of wire.fault(reply.message, reply.code)) response.write(each)
  if ('failAfter' in reply || 'endAfter' in reply) return void response.end()
  if ('calls' in reply) {
    for (const each of wire.calls(reply.calls, pieces.length > 0)) response.write(each)
  }
  for (const each of wire.end('calls' in reply ? 'calls' : (reply.finish ?? 'stop'))) response.write(each)
  response.end()
}

function textOf(reply: Exclude<Reply, { status: number } | { silent: true }>): string {
  if ('cutAfter' in reply) return reply.cutAfter
  if ('endAfter' in reply) return reply.endAfter
  if ('stallAfter' in reply) return reply.stallAfter
  if ('failAfter' in reply) return reply.failAfter
  return reply.say ?? ''
}

/** As providers send arguments: in two halves. */
export function halves(given: object | string): [string, string] {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}
