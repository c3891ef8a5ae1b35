import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server answers one chat completion. */
export type Reply =
  | { say: string; finish?: 'stop' | 'length' | 'content_filter'; everyMs?: number }
  /** Calls tools, the arguments in pieces as providers send them; text is sent as it stands. */
  | { calls: { tool: string; arguments: object | string; id?: string }[]; say?: string }
  | { status: number; message?: string; code?: string; headers?: Record<string, string> }
  /** Says this much, then breaks the connection off. */
  | { cutAfter: string }
  /** Ends the stream in good order, but in mid-answer. */
  | { endAfter: string }
  /** Says this much, and then that it cannot go on, in the stream itself. */
  | { failAfter: string; message: string; code?: string | number }
  /** Says this much, and then nothing more. */
  | { stallAfter: string }
  | { silent: true }

interface ChatRequest {
  authorization: string | undefined
  body: {
    model: string
    messages: { role: string; content: unknown; tool_calls?: unknown; tool_call_id?: string }[]
    tools?: { type: string; function: { name: string; description?: string; parameters: unknown } }[]
    stream?: boolean
    response_format?: { type: string; json_schema?: { schema: unknown } }
    temperature?: number
    max_tokens?: number
  }
}

/** How the server answers requests for embeddings: with the vector of each text, or as it is told. */
type EmbeddingReply =
  | ((text: string, model: string) => readonly unknown[])
  | Extract<Reply, { status: number } | { silent: true }>

interface EmbeddingRequest {
  authorization: string | undefined
  body: { model: string; input: string[] }
}

export interface OpenAIServer {
  url: string
  requests: ChatRequest[]
  /** The answer from now on; a function answers each request by what it asks. */
  reply: (reply: Reply | ((request: ChatRequest) => Reply)) => void
  embeddingRequests: EmbeddingRequest[]
  /** The same for embeddings; of several answers each is given once, the last from then on. */
  embedAs: (...replies: EmbeddingReply[]) => void
  close(): Promise<void>
}

/** How often each third of the alphabet stands in a text: few numbers, the same for the same text. */
const letterVector = (text: string): number[] =>
  [/[a-i]/g, /[j-r]/g, /[s-z]/g].map((third) => text.toLowerCase().match(third)?.length ?? 0)

/** A server that speaks OpenAI's chat completions and embeddings over real HTTP, streaming, and says what it is told to. */
export async function startOpenAIServer(): Promise<OpenAIServer> {
  const requests: ChatRequest[] = []
  let reply: Reply | ((request: ChatRequest) => Reply) = { say: 'Hello' }
  const embeddingRequests: EmbeddingRequest[] = []
  let embeddingReplies: EmbeddingReply[] = []
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/models')) {
      return json(response, 200, { object: 'list', data: [{ id: 'first-model' }, { id: 'second-model' }] })
    }
    void readBody(request).then((body) => {
      if (request.url?.endsWith('/embeddings')) {
        const asked = { authorization: request.headers.authorization, body: JSON.parse(body) }
        embeddingRequests.push(asked)
        const [next = letterVector] = embeddingReplies
        if (embeddingReplies.length > 1) embeddingReplies.shift()
        return answerEmbeddings(response, asked, next)
      }
      const asked = { authorization: request.headers.authorization, body: JSON.parse(body) }
      requests.push(asked)
      return answer(response, typeof reply === 'function' ? reply(asked) : reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    reply: (next) => (reply = next),
    embeddingRequests,
    embedAs: (...next) => void (embeddingReplies = next),
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

function refuse(response: ServerResponse, reply: Extract<Reply, { status: number }>): void {
  const { status, message = 'No', code = null, headers } = reply
  json(response, status, { error: { message, type: 'error', code } }, headers)
}

function answerEmbeddings(
  response: ServerResponse,
  { body: { model, input } }: EmbeddingRequest,
  reply: EmbeddingReply,
): void {
  if (typeof reply !== 'function') return 'silent' in reply ? undefined : refuse(response, reply)
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: reply(text, model) }))
  const tokens = input.length * 10
  json(response, 200, {
    ...{ object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } },
  })
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if ('silent' in reply) return
  if ('status' in reply) return refuse(response, reply)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const everyMs = 'everyMs' in reply ? reply.everyMs : undefined
  for (const word of textOf(reply).match(/\S+\s*|\s+/g) ?? []) {
    response.write(chunk({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] }))
    if (everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  if ('cutAfter' in reply) return void setImmediate(() => response.destroy())
  if ('failAfter' in reply) {
    const { message, code = null } = reply
    response.write(`data: ${JSON.stringify({ error: { message, type: 'error', code } })}\n\n`)
  }
  if ('endAfter' in reply || 'failAfter' in reply) return void response.end()
  if ('stallAfter' in reply) return
  if ('calls' in reply) for (const delta of callDeltas(reply.calls)) response.write(chunk(delta))
  const finish = 'calls' in reply ? 'tool_calls' : (reply.finish ?? 'stop')
  response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }))
  response.write(chunk({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }))
  response.end('data: [DONE]\n\n')
}

function textOf(reply: Reply): string {
  if ('cutAfter' in reply) return reply.cutAfter
  if ('endAfter' in reply) return reply.endAfter
  if ('stallAfter' in reply) return reply.stallAfter
  if ('failAfter' in reply) return reply.failAfter
  return 'say' in reply ? (reply.say ?? '') : ''
}

/** First the name, then the arguments in two halves. */
function callDeltas(calls: Extract<Reply, { calls: unknown }>['calls']): object[] {
  return calls.flatMap(({ tool, arguments: given, id = `call_${tool}` }, index) => {
    const args = typeof given === 'string' ? given : JSON.stringify(given)
    const middle = Math.ceil(args.length / 2)
    const deltas = [
      { id, type: 'function', function: { name: tool, arguments: '' } },
      { function: { arguments: args.slice(0, middle) } },
      { function: { arguments: args.slice(middle) } },
    ]
    return deltas.map((delta) => ({
      choices: [{ index: 0, delta: { tool_calls: [{ index, ...delta }] }, finish_reason: null }],
    }))
  })
}

function chunk(part: object): string {
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', ...part })}\n\n`
}
