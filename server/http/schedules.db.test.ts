import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowOf } from '../testing/flows'
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

const scheduled = (id: string, cron: string) =>
  flowOf(id, [{ id: 'due', kind: 'schedule', config: { cron } }])
const list = async (id: string, tenant = ada) =>
  (await server.call(tenant, `/api/v1/flows/${id}/schedules`)).json()
const post = (path: string, tenant = ada) => server.call(tenant, `/api/v1/flows/${path}`, { method: 'POST' })

test('a published schedule is listed with its next time', async () => {
  await server.addFlow(ada, scheduled('daily', '0 9 * * *'))
  expect(await list('daily')).toEqual({ items: [], cursor: null })
  await post('daily/publish')
  await expect.poll(async () => (await list('daily')).items[0]?.nextAt).toMatch(/T09:00:00.000Z$/)
  const schedule = {
    node: 'due',
    cron: '0 9 * * *',
    timezone: 'UTC',
    catchUp: 'none',
    paused: false,
    lastAt: null,
  }
  expect((await list('daily')).items).toMatchObject([schedule])
})

test('it is paused and resumed, by its own workspace alone', async () => {
  await server.addFlow(ada, scheduled('pausing', '0 9 * * *'), 'publish')
  expect((await post('pausing/schedules/due/pause', bob)).status).toBe(404)
  const paused = await post('pausing/schedules/due/pause')
  expect(await paused.json()).toMatchObject({ node: 'due', paused: true, nextAt: null })
  expect((await post('pausing/schedules/due/resume')).status).toBe(200)
  await expect.poll(async () => (await list('pausing')).items[0]?.nextAt).toMatch(/T09:00/)
  expect((await post('pausing/schedules/nothing/pause')).status).toBe(404)
  expect((await server.call(bob, '/api/v1/flows/pausing/schedules')).status).toBe(404)
})

test.each([
  ['0 9 30 2 *', 'schedule_never'],
  ['at(2020-01-01T09:00:00)', 'schedule_over'],
  ['0 9 * * *  *  *', 'cron_invalid'],
])('publishing %s is refused as %s', async (cron, code) => {
  await server.addFlow(ada, scheduled(`${code}_flow`, cron))
  const refused = await post(`${code}_flow/publish`)
  expect(refused.status).toBe(422)
  expect((await refused.json()).error.details.problems).toMatchObject([{ code, node: 'due' }])
})
