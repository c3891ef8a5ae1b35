import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseDurationMs } from '@/flow/duration'
import type { HookAuth } from '@/nodes/webhook/definition'
import { RequestError } from '../request-error'

type Signing = Extract<HookAuth, { type: 'hmac' }>

/**
 * Checks that whoever sent the body knows the secret, by HMAC-SHA256 as GitHub, Stripe, Slack, Shopify and
 * standardwebhooks.com use it. `body` is what came over the wire, to the byte. Throws RequestError 401.
 */
export function checkSignature(auth: Signing, headers: Headers, body: Uint8Array, nowMs: number): void {
  const sent = headers.get(auth.header)
  if (!sent)
    throw refused('signature_missing', `This webhook wants a signature in the header ${auth.header}.`)
  const content = auth.signed ?? (auth.timestampHeader ? '{timestamp}.{body}' : '{body}')
  const timestamp = content.includes('{timestamp}') ? timestampOf(auth, headers, sent) : ''
  const wanted = createHmac('sha256', keyOf(auth.secret))
    .update(signedBytes(content, { timestamp, body, headers }))
    .digest()
  if (!signaturesIn(sent).some((signature) => timingSafeEqual(signature, wanted))) {
    throw refused('signature_wrong', `The signature in ${auth.header} does not fit the body and the secret.`)
  }
  // After the signature: only then is the time the sender's.
  if (timestamp !== '' && !(Math.abs(nowMs - timeOf(timestamp)) <= (parseDurationMs(auth.tolerance) ?? 0))) {
    throw refused('signature_old', 'This call was signed too long ago, or the sender’s clock is wrong.')
  }
}

function timestampOf({ timestampHeader }: Signing, headers: Headers, sent: string): string {
  const timestamp = timestampHeader ? headers.get(timestampHeader) : /(?:^|[,\s])t=([^,\s]+)/.exec(sent)?.[1]
  if (timestamp) return timestamp
  const where = timestampHeader ? `in the header ${timestampHeader}` : 'beside the signature, as t=…'
  throw refused('signature_missing', `This webhook wants to know when the call was signed, ${where}.`)
}

/** Seconds since 1970, or milliseconds, or as ISO 8601; NaN when it is none. */
function timeOf(text: string): number {
  if (!/^\d+$/.test(text)) return Date.parse(text)
  const number = Number(text)
  return number < 1e11 ? number * 1_000 : number
}

function signedBytes(
  content: string,
  given: { timestamp: string; body: Uint8Array; headers: Headers },
): Buffer {
  const parts = content.split(/(\{[\w-]+\})/).map((part): Uint8Array | string => {
    const name = /^\{(.+)\}$/.exec(part)?.[1]
    if (name === undefined) return part
    if (name === 'body') return given.body
    if (name === 'timestamp') return given.timestamp
    const header = given.headers.get(name)
    if (header === null) throw refused('signature_missing', `This webhook wants the header ${name}.`)
    return header
  })
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
}

/** Everything in the header that has the length of one; senders that change their secret send several. */
function signaturesIn(sent: string): Buffer[] {
  return sent.split(/[,\s]+/).flatMap((part) => {
    const bare = part.replace(/^[A-Za-z][\w-]*=(?=.)/, '')
    return [part, bare].flatMap((text) => {
      const bytes = Buffer.from(text, /^[0-9a-fA-F]{64}$/.test(text) ? 'hex' : 'base64')
      return bytes.length === 32 ? [bytes] : []
    })
  })
}

function refused(code: string, message: string): RequestError {
  return new RequestError(401, code, message, { headers: { 'WWW-Authenticate': 'Signature' } })
}
