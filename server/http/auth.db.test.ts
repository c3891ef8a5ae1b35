import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

const login = (username: string, secret: string) =>
  server.fetch('/api/v1/auth/login', {
    method: 'POST',
    body: JSON.stringify({ username, password: secret }),
    headers: { 'content-type': 'application/json' },
  })
const verify = (headers: Record<string, string>) => server.fetch('/api/v1/auth/verify', { headers })
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe('log in', () => {
  test('e-mail and password give tokens that work', async () => {
    const response = await login('ADA@example.com', password)
    expect(response.status).toBe(200)
    const tokens = await response.json()
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 3600,
    })
    const verified = await verify({ authorization: `Bearer ${tokens.access_token}` })
    expect(await verified.json()).toEqual({ username: 'ada@example.com', valid: true })
  })

  test('a refresh token gives a new access token, in the body or as the bearer', async () => {
    const { refresh_token } = await (await login(ada.email, password)).json()
    const inBody = await server.fetch('/api/v1/auth/refresh', {
      method: 'POST',
      body: JSON.stringify({ refresh_token }),
    })
    const asBearer = await server.fetch('/api/v1/auth/refresh', {
      method: 'POST',
      headers: { authorization: `Bearer ${refresh_token}` },
    })
    for (const response of [inBody, asBearer]) {
      const { access_token } = await response.json()
      expect((await verify({ authorization: `Bearer ${access_token}` })).status).toBe(200)
    }
  })

  test('a made-up refresh token is 401', async () => {
    const response = await server.fetch('/api/v1/auth/refresh', {
      method: 'POST',
      body: JSON.stringify({ refresh_token: 'nonsense' }),
    })
    expect(response.status).toBe(401)
    expect((await response.json()).error.code).toBe('refresh_token_expired')
  })

  test('a wrong password and an unknown person are the same 401', async () => {
    const wrong = await login(ada.email, 'wrong password')
    const unknown = await login('nobody@example.com', 'wrong password')
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.json()).toEqual(await unknown.json())
  })

  test('after ten failures a person has to wait, another one does not', async () => {
    for (let count = 0; count < 10; count++) await login('target@example.com', 'guess')
    const response = await login('target@example.com', 'guess')
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await login(ada.email, password)).status).toBe(200)
  })

  test('a body that lacks something is 400 and says what', async () => {
    const response = await server.fetch('/api/v1/auth/login', { method: 'POST', body: '{"username":"x"}' })
    expect(response.status).toBe(400)
    const { error } = await response.json()
    expect(error.code).toBe('malformed')
    expect(error.details.faults[0].path).toEqual(['password'])
  })
})

describe('signing a request in', () => {
  test('by Basic, by API key as the bearer and by API key in its own header', async () => {
    const key = ada.headers.authorization?.slice('Bearer '.length) ?? ''
    expect((await verify(basic(`${ada.email}:${password}`))).status).toBe(200)
    expect((await verify(ada.headers)).status).toBe(200)
    expect((await verify({ 'x-api-key': key })).status).toBe(200)
  })

  test('without anything it is 401 and says how to sign in', async () => {
    const response = await verify({})
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect((await response.json()).error.code).toBe('unauthorized')
  })

  test.each([
    ['a token that is none', { authorization: 'Bearer not.a.token' }, 'token_invalid'],
    ['an unknown key', { authorization: 'Bearer mr_unknown' }, 'key_invalid'],
    ['a wrong Basic password', basic('ada@example.com:wrong'), 'wrong_credentials'],
    ['Basic without a colon', basic('ada'), 'wrong_credentials'],
    ['another scheme', { authorization: 'Digest x' }, 'unknown_scheme'],
  ])('%s is 401', async (_, headers, code) => {
    const response = await verify(headers)
    expect(response.status).toBe(401)
    expect((await response.json()).error.code).toBe(code)
  })

  test('an access token that was tampered with is 401', async () => {
    const { access_token } = await (await login(ada.email, password)).json()
    const [head, , signature] = access_token.split('.')
    const body = Buffer.from(JSON.stringify({ sub: ada.userId, exp: 9e9 })).toString('base64url')
    const response = await verify({ authorization: `Bearer ${head}.${body}.${signature}` })
    expect(response.status).toBe(401)
  })
})

describe('a session by cookie', () => {
  async function cookieOf(): Promise<string> {
    const response = await server.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      body: JSON.stringify({ email: ada.email, password }),
      headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
    })
    expect(response.status).toBe(200)
    return response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  }

  test('reads and writes from our own page', async () => {
    const cookie = await cookieOf()
    expect((await verify({ cookie })).status).toBe(200)
    const response = await server.fetch('/api/v1/flows/none/publish', {
      method: 'POST',
      headers: { cookie, origin: 'http://localhost:3000' },
    })
    expect(response.status).toBe(404)
  })

  test('does not write from another site’s page', async () => {
    const cookie = await cookieOf()
    const response = await server.fetch('/api/v1/flows/none/publish', {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
    expect((await response.json()).error.code).toBe('foreign_origin')
  })

  test('is over after signing out', async () => {
    const cookie = await cookieOf()
    const signedOut = await server.fetch('/api/auth/sign-out', {
      method: 'POST',
      body: '{}',
      headers: { cookie, 'content-type': 'application/json', origin: 'http://localhost:3000' },
    })
    expect(signedOut.status).toBe(200)
    const [token = ''] = cookie.split('; ').filter((part) => part.includes('session_token'))
    expect((await verify({ cookie: token })).status).toBe(401)
  })

  test('strangers cannot make accounts', async () => {
    const response = await server.fetch('/api/auth/sign-up/email', {
      method: 'POST',
      body: JSON.stringify({ name: 'Eve', email: 'eve@example.com', password }),
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(400)
  })
})
