import { createHash, timingSafeEqual } from 'node:crypto'
import { isObject, type JsonObject } from '@/flow/json'
import type { HookAuth } from '@/nodes/webhook/definition'
import { RequestError } from '../request-error'
import { checkSignature } from './hook-signature'

/** What the headers alone prove, before the body is read. Throws RequestError 401, and 503 for a check that checks nothing. */
export function checkHeaders(auth: HookAuth, headers: Headers): void {
  if (Object.values(auth).includes('')) {
    throw new RequestError(503, 'secret_missing', 'This webhook checks who calls by a secret that is empty.')
  }
  if (isAllowed(auth, headers)) return
  const challenge = auth.type === 'basic' ? 'Basic realm="webhook"' : 'Bearer realm="webhook"'
  throw new RequestError(
    401,
    'unauthorized',
    'This webhook wants to know who calls; what was sent does not do.',
    { headers: { 'WWW-Authenticate': challenge } },
  )
}

function isAllowed(auth: HookAuth, headers: Headers): boolean {
  const sent = headers.get('authorization')
  switch (auth.type) {
    case 'header':
      return isSame(headers.get(auth.name), auth.value)
    case 'bearer':
      return isSame(sent, `Bearer ${auth.token}`)
    case 'basic':
      return isSame(sent, `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
    case 'hmac':
      // Needs the body: `checkBody` decides.
      return true
  }
}

/** What only the body proves. Throws RequestError 401. */
export function checkBody(auth: HookAuth, headers: Headers, body: Uint8Array): void {
  if (auth.type === 'hmac') checkSignature(auth, headers, body, Date.now())
}

export const needsBytes = (auth: HookAuth | undefined) => auth?.type === 'hmac'

/** Takes the same time wherever the two begin to differ. */
function isSame(sent: string | null, wanted: string): boolean {
  return sent !== null && timingSafeEqual(digest(sent), digest(wanted))
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** What proved who calls does not enter the history. */
export function withoutProof(trigger: JsonObject, auth: HookAuth | undefined): JsonObject {
  const proof = auth?.type === 'header' ? auth.name : auth?.type === 'hmac' ? auth.header : null
  if (proof === null) return trigger
  const { [proof.toLowerCase()]: _, ...headers } = isObject(trigger.headers) ? trigger.headers : {}
  return { ...trigger, headers }
}
