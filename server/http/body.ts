import { documentLimits } from '@/flow/document'
import { isObject, isTooDeep, jsonLevels, type Json } from '@/flow/json'
import { RequestError } from '../request-error'

/** Of what one request may carry. A document's own limit is a little below, so that the text around it fits. */
export const bodyLimits = { document: documentLimits.bytes + 64 * 1024, input: 16 * 1024 * 1024 } as const

/** The body as text. Throws RequestError 413 when it is longer, however its length was announced. */
export async function readText(request: Request, limitBytes: number): Promise<string> {
  // Node hands on no more bytes than were announced.
  if (isAnnounced(request, limitBytes)) return request.text()
  return new TextDecoder().decode(await readChunks(request, limitBytes))
}

/** The body as it came. Throws RequestError 413 as `readText` does. */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (isAnnounced(request, limitBytes)) return new Uint8Array(await request.arrayBuffer())
  return readChunks(request, limitBytes)
}

/** Whether the length is known beforehand. Throws when it is too much. */
function isAnnounced(request: Request, limitBytes: number): boolean {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > limitBytes) throw tooLarge(limitBytes)
  return announced !== null
}

async function readChunks(request: Request, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = request.body?.getReader()
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.byteLength
    if (bytes > limitBytes) {
      await reader?.cancel()
      throw tooLarge(limitBytes)
    }
    chunks.push(read.value)
  }
  return Buffer.concat(chunks)
}

/** Throws RequestError 400 when the text is not JSON or nested too deep. `__proto__` keys are dropped: nobody means them well. */
export function parseJson(text: string): Json {
  const value = readJson(text)
  if (text.length > 2 * jsonLevels && isTooDeep(value)) throw tooDeep()
  return text.includes('__proto__') ? withoutPrototypes(value) : value
}

export function tooDeep(): RequestError {
  return new RequestError(
    400,
    'too_deep',
    `The JSON is nested more than ${jsonLevels} levels deep. Flatten it.`,
  )
}

function readJson(text: string): Json {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not JSON'
    throw new RequestError(400, 'malformed', `The body is not JSON: ${reason}.`)
  }
}

function withoutPrototypes(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([name]) => name !== '__proto__')
  return Object.fromEntries(members.map(([name, member]) => [name, withoutPrototypes(member)]))
}

function tooLarge(limitBytes: number): RequestError {
  const limit = `${Math.floor(limitBytes / 1024 / 1024)} MiB`
  return new RequestError(
    413,
    'too_large',
    `The body is larger than ${limit}, the most that this address takes.`,
  )
}
