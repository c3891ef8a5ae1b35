import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { request as send, type Dispatcher, type WebSocket } from 'undici'
import { StepError } from '@/flow/kind'
import type { HttpAnswer, HttpRequest } from '@/nodes/step'
import { createAgents, isIdempotent } from './agents'
import type { AllowList } from './allow-list'
import { requestFailure } from './failure'
import { guardedFetch, type Fetch, type FetchOptions } from './fetch'
import { redirected } from './redirect'
import { guardedSocket } from './socket'

const redirectLimit = 10
export interface HttpClient {
  /** Sends, follows redirects, reads the whole answer. Throws StepError `http_…` or `response_too_large`, or the abort's reason. */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** For clients that speak by the web's `fetch`. */
  fetch(options: FetchOptions): Fetch
  /** Opens a WebSocket; one that is refused or broken says so by its events. */
  socket(url: string, headers: Record<string, string>): WebSocket
  close(): Promise<void>
}

export function createHttpClient(allowList: AllowList): HttpClient {
  const agents = createAgents(allowList)
  return {
    async request(first) {
      let request = first
      for (let hops = 0; hops <= redirectLimit; hops++) {
        const { isRepeatable = isIdempotent(request.method) } = request
        const answer = await agents.send(isRepeatable, (dispatcher) => once(dispatcher, request))
        const next = redirected(request, answer)
        if (!next) return answer
        request = next
      }
      throw new StepError('http_network', `${new URL(first.url).host} redirects without end.`)
    },
    fetch: (options) => guardedFetch(agents, options),
    socket: (url, headers) => guardedSocket(agents.usual, url, headers),
    close: () => agents.close(),
  }
}

async function once(dispatcher: Dispatcher, request: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(request.url)
  try {
    request.signal.throwIfAborted()
    const { statusCode, headers, body } = await send(url, {
      dispatcher,
      method: request.method,
      headers: { 'accept-encoding': 'gzip, br, deflate', ...request.headers },
      body: request.body,
      signal: request.signal,
    })
    const flat = flatHeaders(headers)
    return { status: statusCode, headers: flat, body: await readAll(body, flat, request) }
  } catch (error) {
    throw requestFailure(error, url, request.signal)
  }
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

/** Reads and unpacks a body; what is counted is the unpacked size, so a small bomb does no harm. */
async function readAll(
  body: Readable,
  headers: Record<string, string>,
  request: HttpRequest,
): Promise<Uint8Array> {
  // Destroying an unread body makes it emit an error, which would end the process if nobody listened.
  body.on('error', () => undefined)
  if (Number(headers['content-length'] ?? 0) > request.maxBytes && request.method !== 'HEAD') {
    body.destroy()
    throw tooLarge(request)
  }
  const unpacked = unpack(body, headers['content-encoding'])
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of unpacked) {
    bytes += chunk.byteLength
    if (bytes > request.maxBytes) throw tooLarge(request)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unpack(body: Readable, encoding: string | undefined): Readable {
  const unpacker =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : null
  if (!unpacker) return body
  // The reader of the unpacker hears of any failure; the callback only keeps it from being thrown twice.
  return pipeline(body, unpacker, () => undefined)
}

function tooLarge(request: HttpRequest): StepError {
  const mebibytes = Math.round(request.maxBytes / 1024 / 1024)
  return new StepError(
    'response_too_large',
    `${new URL(request.url).host} answered with more than ${mebibytes} MiB. Ask for less, page by page.`,
  )
}
