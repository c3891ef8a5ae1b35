import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoing } from '../testing/flows'
import { hooksOf } from '../testing/hooks'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const { send, json, runOf } = hooksOf(() => ({ server, tenant: ada }))

describe('who may call', () => {
  test.each([
    ['bearer', { type: 'bearer', token: 't0k3n' }, { authorization: 'Bearer t0k3n' }],
    [
      'basic',
      { type: 'basic', username: 'u', password: 'p' },
      { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    ],
    ['header', { type: 'header', name: 'X-Token', value: 'v' }, { 'x-token': 'v' }],
  ])('%s', async (name, auth, headers) => {
    await server.addFlow(ada, echoing(`auth_${name}`, `auth/${name}`, { auth }), 'publish')
    const refused = await send(`auth/${name}`, json({}))
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBeTruthy()
    const allowed = await send(`auth/${name}`, json({}, headers))
    expect(allowed.status).toBe(201)
    expect(JSON.stringify((await runOf(allowed)).input)).not.toMatch(/t0k3n|x-token/)
  })

  test('by a stored secret', async () => {
    const auth = { type: 'bearer', token: '${secrets.HOOK_TOKEN}' }
    await server.addFlow(ada, echoing('auth_secret', 'auth/secret', { auth }), 'publish')
    const missing = await send('auth/secret', json({}, { authorization: 'Bearer s3cret' }))
    expect(missing.status).toBe(503)
    await server.app.secrets.write(ada.workspaceId, 'HOOK_TOKEN', 's3cret')
    expect((await send('auth/secret', json({}, { authorization: 'Bearer s3cret' }))).status).toBe(201)
    expect((await send('auth/secret', json({}, { authorization: 'Bearer other' }))).status).toBe(401)
  })
})

describe('signed calls', () => {
  const auth = {
    type: 'hmac',
    secret: '${secrets.SIGNING}',
    header: 'X-Signature',
    timestampHeader: 'X-Time',
  }
  const signed = (body: string | Uint8Array, { key = 'k3y', atMs = Date.now() } = {}) => {
    const time = String(Math.floor(atMs / 1_000))
    const signature = createHmac('sha256', key).update(`${time}.`).update(body).digest('hex')
    return { 'x-time': time, 'x-signature': `sha256=${signature}`, 'content-type': 'application/json' }
  }
  beforeAll(async () => {
    await server.app.secrets.write(ada.workspaceId, 'SIGNING', 'k3y')
    await server.addFlow(ada, echoing('signed', 'signed', { auth }), 'publish')
  })

  test('are let in, and leave no signature behind', async () => {
    const body = '{ "a" :  "ž" }'
    const response = await send('signed', { body, headers: signed(body) })
    expect(response.status).toBe(201)
    expect((await response.json()).got).toEqual({ a: 'ž' })
    const { input } = await runOf(await send('signed', { body, headers: signed(body) }))
    expect(JSON.stringify(input)).not.toContain('sha256=')
  })

  test('are refused when changed, unsigned, signed by another, or old', async () => {
    const codeOf = async (init: RequestInit) => {
      const response = await send('signed', init)
      return [response.status, (await response.json()).error.code]
    }
    expect(await codeOf({ body: '{"a":2}', headers: signed('{"a":1}') })).toEqual([401, 'signature_wrong'])
    expect(await codeOf(json({}))).toEqual([401, 'signature_missing'])
    expect(await codeOf({ body: '{}', headers: signed('{}', { key: 'x' }) })).toEqual([
      401,
      'signature_wrong',
    ])
    const old = signed('{}', { atMs: Date.now() - 6 * 60_000 })
    expect(await codeOf({ body: '{}', headers: old })).toEqual([401, 'signature_old'])
  })

  test('by a secret that is empty are refused, though anybody could sign with it', async () => {
    await server.app.secrets.write(ada.workspaceId, 'EMPTY', '')
    const config = { auth: { ...auth, secret: '${secrets.EMPTY}' } }
    await server.addFlow(ada, echoing('hollow', 'hollow', config), 'publish')
    const response = await send('hollow', { body: '{}', headers: signed('{}', { key: '' }) })
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'secret_missing'])
  })
})
