import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { definition, type Config } from '@/nodes/webhook/definition'
import { RequestError } from '../request-error'
import { checkSignature } from './hook-signature'

function authOf(auth: object) {
  const config = definition.config.parse({ path: 'x', auth: { type: 'hmac', ...auth } }) as Config
  if (config.auth?.type !== 'hmac') throw new Error('not signed')
  return config.auth
}
/** Null when the call is let in, else why not. */
function answer(auth: object, headers: Record<string, string>, body: string | Uint8Array, nowMs = 0) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  try {
    checkSignature(authOf(auth), new Headers(headers), bytes, nowMs)
    return null
  } catch (error) {
    if (error instanceof RequestError && error.status === 401) return error.code
    throw error
  }
}
const sign = (secret: string | Buffer, text: string | Uint8Array, as: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', secret).update(text).digest(as)

describe('what others send', () => {
  test('GitHub, by the example of its own documentation', () => {
    const auth = { secret: "It's a Secret to Everybody", header: 'X-Hub-Signature-256' }
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    expect(answer(auth, { 'x-hub-signature-256': signature }, 'Hello, World!')).toBeNull()
    expect(answer(auth, { 'x-hub-signature-256': signature }, 'Hello, World?')).toBe('signature_wrong')
  })

  test('Slack, by the example of its own documentation', () => {
    const auth = {
      secret: '8f742231b10e8888abcd99yyyzzz85a5',
      header: 'X-Slack-Signature',
      timestampHeader: 'X-Slack-Request-Timestamp',
      signed: 'v0:{timestamp}:{body}',
    }
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    }
    expect(answer(auth, headers, body, 1_531_420_618_000)).toBeNull()
    expect(answer(auth, headers, body, 1_531_420_618_000 + 301_000)).toBe('signature_old')
  })

  test('the standard of standardwebhooks.com, by its example', () => {
    const auth = {
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      header: 'webhook-signature',
      timestampHeader: 'webhook-timestamp',
      signed: '{webhook-id}.{timestamp}.{body}',
    }
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }
    expect(answer(auth, headers, '{"test": 2432232314}', 1_614_265_330_000)).toBeNull()
    const { 'webhook-id': _, ...nameless } = headers
    expect(answer(auth, nameless, '{"test": 2432232314}', 1_614_265_330_000)).toBe('signature_missing')
  })

  test('Stripe: the time beside the signatures, of which one fits while the secret changes', () => {
    const auth = { secret: 'new', header: 'Stripe-Signature', signed: '{timestamp}.{body}' }
    const [old, fresh] = ['old', 'new'].map((secret) => sign(secret, '1700000000.{"a":1}'))
    const header = { 'stripe-signature': `t=1700000000,v1=${old},v1=${fresh},v0=ignored` }
    expect(answer(auth, header, '{"a":1}', 1_700_000_000_000)).toBeNull()
    expect(answer(auth, { 'stripe-signature': `v1=${fresh}` }, '{"a":1}')).toBe('signature_missing')
    const changed = { 'stripe-signature': `t=1700000009,v1=${fresh}` }
    expect(answer(auth, changed, '{"a":1}', 1_700_000_000_000)).toBe('signature_wrong')
  })

  test('Shopify: base64 alone', () => {
    const auth = { secret: 'shh', header: 'X-Shopify-Hmac-Sha256' }
    expect(answer(auth, { 'x-shopify-hmac-sha256': sign('shh', 'x', 'base64') }, 'x')).toBeNull()
  })
})

describe('the time', () => {
  const auth = { secret: 's', header: 'X-Signature', timestampHeader: 'X-Time', tolerance: 'PT1M' }
  const atMs = Date.parse('2026-03-02T09:00:00Z')
  const headers = (time: string) => ({ 'x-time': time, 'x-signature': sign('s', `${time}.body`) })

  test.each(['1772442000', '1772442000000', '2026-03-02T09:00:00Z'])('is understood as %s', (time) => {
    expect(answer(auth, headers(time), 'body', atMs)).toBeNull()
    expect(answer(auth, headers(time), 'body', atMs + 60_000)).toBeNull()
    expect(answer(auth, headers(time), 'body', atMs + 60_001)).toBe('signature_old')
    expect(answer(auth, headers(time), 'body', atMs - 60_001)).toBe('signature_old')
  })

  test('that is none is refused, signed or not', () => {
    expect(answer(auth, headers('soon'), 'body', atMs)).toBe('signature_old')
    expect(answer(auth, { 'x-signature': sign('s', 'body') }, 'body', atMs)).toBe('signature_missing')
  })
})

test('the body counts to the byte, whatever it holds', () => {
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0a])
  const auth = { secret: 's', header: 'X-Signature' }
  expect(answer(auth, { 'x-signature': sign('s', bytes) }, bytes)).toBeNull()
})

test.each(['', 'x', 'sha256=', '===', ',,,', 'a'.repeat(64), 'sha256=' + 'z'.repeat(64)])(
  '“%s” is no signature',
  (sent) => {
    const code = answer({ secret: 's', header: 'X-Signature' }, sent ? { 'x-signature': sent } : {}, 'body')
    expect(code).toBe(sent ? 'signature_wrong' : 'signature_missing')
  },
)
