import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant
let bob: Tenant
beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  bob = await server.addTenant('bob')
})
afterAll(() => server.close())

const put = (name: string, body: object, tenant = ada) =>
  server.call(tenant, `/api/v1/secrets/${name}`, { method: 'PUT', body })
const list = async (tenant = ada) => (await server.call(tenant, '/api/v1/secrets')).json()

test('a secret is stored, named, replaced and removed, and its value never comes back', async () => {
  expect((await put('HOOK_SECRET', { value: 'first' })).status).toBe(204)
  expect((await put('HOOK_SECRET', { value: 'second' })).status).toBe(204)
  expect(await server.app.secrets.read(ada.workspaceId, 'HOOK_SECRET')).toBe('second')
  const stored = await list()
  expect(stored.items).toEqual([{ name: 'HOOK_SECRET', updatedAt: expect.any(String) }])
  expect(JSON.stringify(stored)).not.toContain('second')
  expect(await list(bob)).toEqual({ items: [], cursor: null })
  const remove = (tenant: Tenant) => server.call(tenant, '/api/v1/secrets/HOOK_SECRET', { method: 'DELETE' })
  expect((await remove(bob)).status).toBe(404)
  expect((await remove(ada)).status).toBe(204)
  expect((await list()).items).toEqual([])
})

test.each([
  ['two words', { value: 'x' }],
  ['1ST', { value: 'x' }],
  ['EMPTY', { value: '' }],
  ['NUMBER', { value: 7 }],
])('%s with %o is refused', async (name, body) => {
  expect((await put(encodeURIComponent(name), body)).status).toBe(400)
})

test('what was sealed for one purpose opens for no other, nor changed', () => {
  const { seal, open } = server.app.secrets
  const sealed = seal('one', 'text')
  expect(open('one', sealed)).toBe('text')
  expect(open('two', sealed)).toBeNull()
  expect(open('one', (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1))).toBeNull()
  expect(open('one', '')).toBeNull()
  expect(seal('one', 'text')).not.toBe(sealed)
})
