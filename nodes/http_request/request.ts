import { asText, isObject, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { Config } from './definition'

/** What is sent, apart from how. Header names are lower case. */
export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

/** Builds the request of a resolved config. Throws StepError `http_url_invalid` and `http_header_invalid`. */
export function outgoing(config: Config, idempotencyKey: string): Outgoing {
  const url = parseUrl(config.url)
  for (const [name, given] of Object.entries(config.query ?? {})) {
    for (const each of Array.isArray(given) ? given : [given]) {
      if (each !== null) url.searchParams.append(name, asText(each))
    }
  }
  const headers: Record<string, string> = {
    accept: '*/*',
    'user-agent': 'millrace',
    'idempotency-key': idempotencyKey,
  }
  const credentials = takeCredentials(url)
  if (credentials) headers.authorization = credentials
  const given = givenHeaders(config.headers ?? {})
  const body = bodyOf(config.body, given['content-type'])
  if (body) headers['content-type'] = body.type
  return {
    method: config.method,
    url: url.href,
    headers: { ...headers, ...given },
    ...(body ? { body: body.text } : {}),
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new StepError(
    'http_url_invalid',
    `"${text}" is not an address. Write one that begins with https:// or http://.`,
  )
}

/** `https://name:password@host` becomes Basic authorization, as every browser and curl have it. */
function takeCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function givenHeaders(values: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === null || name.trim() === '') continue
    const text = asText(value).trim()
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(text)) {
      throw new StepError(
        'http_header_invalid',
        `The header "${name}" cannot be sent. Names are letters, digits and -, values one line of Latin letters.`,
      )
    }
    headers[name.toLowerCase()] = text
  }
  return headers
}

function bodyOf(body: Json | undefined, contentType = ''): { text: string; type: string } | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string')
    return { text: body, type: isJsonText(body) ? json : 'text/plain; charset=utf-8' }
  if (contentType.startsWith(form) && isObject(body)) return { text: formText(body), type: form }
  return { text: JSON.stringify(body), type: json }
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

function formText(fields: JsonObject): string {
  const params = new URLSearchParams()
  for (const [name, given] of Object.entries(fields)) {
    for (const each of Array.isArray(given) ? given : [given]) params.append(name, asText(each))
  }
  return params.toString()
}

/** A text typed as a JSON object or list is meant as one. */
function isJsonText(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
