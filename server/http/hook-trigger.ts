import type { Json, JsonObject } from '@/flow/json'
import { RequestError } from '../request-error'
import { bodyLimits, parseJson, readBytes, readText } from './body'

/** Headers that prove who someone is: they would be stored with the run for everyone who may look at it. */
const covered = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key'])

/**
 * `{method, path, headers, query, body}` of a request; names of headers in lower case, a repeated query name as a list. With
 * `wantsBytes` the body as it came over the wire, too.
 */
export async function readTrigger(
  request: Request,
  path: string,
  wantsBytes: boolean,
): Promise<{ trigger: JsonObject; bytes: Uint8Array | null }> {
  const headers: JsonObject = {}
  request.headers.forEach((value, name) => {
    if (!covered.has(name)) headers[name] = value
  })
  const bytes = wantsBytes ? await readBytes(request, bodyLimits.input) : null
  const trigger = {
    method: request.method,
    path,
    headers,
    query: readQuery(request.url),
    body: await readBody(request, bytes),
  }
  return { trigger, bytes }
}

function readQuery(url: string): JsonObject {
  const start = url.indexOf('?')
  return start === -1 ? {} : collect(new URLSearchParams(url.slice(start + 1)))
}

function collect(pairs: Iterable<[string, string]>): JsonObject {
  const members = new Map<string, Json>()
  for (const [name, value] of pairs) {
    const before = members.get(name)
    if (before === undefined) members.set(name, value)
    else members.set(name, Array.isArray(before) ? [...before, value] : [before, value])
  }
  members.delete('__proto__')
  return Object.fromEntries(members)
}

async function readBody(request: Request, bytes: Uint8Array | null): Promise<Json> {
  if (request.method === 'GET' || request.method === 'HEAD') return null
  const type = request.headers.get('content-type') ?? ''
  if (type.startsWith('multipart/')) {
    throw new RequestError(
      415,
      'unsupported_body',
      'Send the body as JSON, a plain form or text; files are not taken.',
    )
  }
  const text = bytes ? new TextDecoder().decode(bytes) : await readText(request, bodyLimits.input)
  if (text === '') return null
  if (/^application\/(?:json|[\w.+-]+\+json)\b/.test(type)) return parseJson(text)
  if (type.startsWith('application/x-www-form-urlencoded')) return collect(new URLSearchParams(text))
  return text
}
