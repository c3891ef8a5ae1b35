import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { HttpAnswer } from './step'

/**
 * The body of an answer as JSON: what it says it is, by default. JSON is parsed, text decoded by its charset; anything else
 * becomes `{ base64, type }`. Nothing at all is null. Throws StepError `http_body_invalid` when JSON is demanded and not there.
 */
export function readBody(answer: HttpAnswer, as: 'auto' | 'json' | 'text'): Json {
  const type = (answer.headers['content-type'] ?? '').toLowerCase()
  if (answer.body.byteLength === 0) return as === 'text' ? '' : null
  if (as === 'text') return decode(answer.body, type)
  if (as === 'json') return demandJson(decode(answer.body, type), type)
  if (isJsonType(type)) return tryJson(decode(answer.body, type))
  if (isTextType(type)) return decode(answer.body, type)
  const guessed = type === '' ? tryUtf8(answer.body) : null
  if (guessed !== null) return tryJson(guessed)
  return { base64: Buffer.from(answer.body).toString('base64'), type: type.split(';', 1)[0] ?? '' }
}

function isJsonType(type: string): boolean {
  return /^[^;]*[/+]json\b/.test(type)
}

function isTextType(type: string): boolean {
  return /^text\/|^application\/(?:xml|javascript|x-www-form-urlencoded|yaml|x-ndjson|graphql)|^[^;]*\+xml/.test(
    type,
  )
}

function decode(body: Uint8Array, type: string): string {
  const label = /charset="?([^\s;"]+)/.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(label).decode(body)
  } catch {
    // A charset that nobody knows: the bytes are most likely UTF-8 all the same.
    return new TextDecoder().decode(body)
  }
}

function tryUtf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}

function tryJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function demandJson(text: string, type: string): Json {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StepError(
      'http_body_invalid',
      `The answer is not JSON${type ? ` but ${type}` : ''}. Read it as text, or call an address that answers in JSON.`,
      { details: { body: text.slice(0, 2_000) }, cause: error },
    )
  }
}
