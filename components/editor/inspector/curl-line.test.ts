import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { hookCallOf } from './curl-line'

const origin = 'https://flows.example.com'
const curlOf = (config: object) => hookCallOf({ path: 'orders/new', ...config }, origin)?.curl ?? ''

/** What the shell hands to curl, with `curl` in place of the real one. */
function argumentsOf(line: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { for each in "$@"; do printf '%s\\0' "$each"; done; }\n${line}`
  const out = execFileSync('/bin/sh', ['-c', script], { env: { ...process.env, ...env } })
  return out.toString().split('\0').slice(0, -1)
}

test('a plain webhook is one call', () => {
  expect(argumentsOf(curlOf({}))).toEqual([
    ...['-X', 'POST', `${origin}/hooks/orders/new`],
    ...['-H', 'Content-Type: application/json', '-d', '{"hello":"world"}'],
  ])
  expect(argumentsOf(curlOf({ method: 'GET' }))).toEqual(['-X', 'GET', `${origin}/hooks/orders/new`])
  expect(hookCallOf({ path: '/a' }, origin)?.path).toBe('/hooks/a')
  expect(hookCallOf({ path: '' }, origin)).toBeNull()
})

test('another address can be called the same way', () => {
  expect(hookCallOf({ path: 'a' }, origin, `${origin}/hooks/test/x`)?.curl).toContain('/hooks/test/x')
})

describe('proof', () => {
  test.each([
    [{ type: 'bearer', token: '${secrets.TOKEN}' }, ['-H', 'Authorization: Bearer s3"$cret']],
    [{ type: 'basic', username: 'ann', password: '${secrets.TOKEN}' }, ['-u', 'ann:s3"$cret']],
    [{ type: 'header', name: 'X-Token', value: 'a$b`c"${secrets.TOKEN}' }, ['-H', 'X-Token: a$b`c"s3"$cret']],
  ])('of %o', (auth, expected) => {
    const given = argumentsOf(curlOf({ auth }), { TOKEN: 's3"$cret' })
    expect(given.slice(3, 5)).toEqual(expected)
    expect(hookCallOf({ path: 'a', auth }, origin)?.secrets).toEqual(['TOKEN'])
  })
})

describe('a signature', () => {
  /** In place of the real ones: what would be signed, and by which key, in one word; and a clock that stands. */
  const tools = `openssl() { printf '%s=by=%s' "$(cat)" "$4"; }\ndate() { echo 1700000000; }\n`
  const headersOf = (auth: object) => {
    const line = curlOf({ auth: { type: 'hmac', secret: '${secrets.KEY}', ...auth } })
    const given = argumentsOf(tools + line, { KEY: 'k3"y' })
    return given.filter((_, index) => given[index - 1] === '-H').slice(0, -1)
  }
  const body = '{"hello":"world"}'

  test.each([
    [{ header: 'X-Sig' }, [`X-Sig: ${body}=by=k3"y`]],
    [
      { header: 'X-Sig', timestampHeader: 'X-Time' },
      [`X-Sig: 1700000000.${body}=by=k3"y`, 'X-Time: 1700000000'],
    ],
    [
      { header: 'Stripe-Signature', signed: '{timestamp}.{body}' },
      [`Stripe-Signature: t=1700000000,v1=1700000000.${body}=by=k3"y`],
    ],
    [{ header: 'X-Sig', signed: 'v"0$(x):{body}' }, [`X-Sig: v"0$(x):${body}=by=k3"y`]],
  ])('as of %o', (auth, headers) => {
    expect(headersOf(auth)).toEqual(headers)
  })

  test('over other headers sends them too', () => {
    const auth = { header: 'webhook-signature', timestampHeader: 'webhook-timestamp' }
    const headers = headersOf({ ...auth, signed: '{webhook-id}.{timestamp}.{body}' })
    expect(headers.slice(1)).toEqual(['webhook-timestamp: 1700000000', 'webhook-id: msg_1'])
  })
})
