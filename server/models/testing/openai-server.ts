import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server answers one chat completion. */
export type Reply =
  | { say: string; finish?: 'stop' | 'length' | 'content_filter' }
  | { status: number; message?: string; code?: string; headers?: Record<string, string> }
  /** Says this much, then breaks the connection off. */
  | { cutAfter: string }
  /** Ends the stream in good order, but in mid-answer. */
  | { endAfter: string }
  | { silent: true }

interface ChatRequest {
  authorization: string | undefined
  body: {
    model: string
    messages: { role: string; content: unknown }[]
    stream?: boolean
    response_format?: { type: string; json_schema?: { schema: unknown } }
    temperature?: number
    max_tokens?: number
  }
}

export interface OpenAIServer {
  url: string
  requests: ChatRequest[]
  reply: (reply: Reply) => void
  close(): Promise<void>
}

/** A server that speaks OpenAI's chat completions over real HTTP, streaming, and says what it is told to. */
export async function startOpenAIServer(): Promise<OpenAIServer> {
  const requests: ChatRequest[] = []
  let reply: Reply = { say: 'Hello' }
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/models')) {
      return json(response, 200, { object: 'list', data: [{ id: 'first-model' }, { id: 'second-model' }] })
    }
    void readBody(request).then((body) => {
      requests.push({ authorization: request.headers.authorization, body: JSON.parse(body) })
      answer(response, reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
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

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function answer(response: ServerResponse, reply: Reply): void {
  if ('silent' in reply) return
  if ('status' in reply) {
    const { status, message = 'No', code = null, headers } = reply
    return json(response, status, { error: { message, type: 'error', code } }, headers)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const text = 'say' in reply ? reply.say : 'cutAfter' in reply ? reply.cutAfter : reply.endAfter
  for (const word of text.match(/\S+\s*|\s+/g) ?? []) {
    response.write(chunk({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] }))
  }
  if ('cutAfter' in reply) return void setImmediate(() => response.destroy())
  if ('endAfter' in reply) return void response.end()
  response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: reply.finish ?? 'stop' }] }))
  response.write(chunk({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }))
  response.end('data: [DONE]\n\n')
}

function chunk(part: object): string {
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', ...part })}\n\n`
}
