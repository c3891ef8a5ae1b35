import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking, doubling } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant
beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
})
afterAll(() => server.close())

test('tells runs by status, the queue, what is in memory and how long appends take', async () => {
  await server.addFlow(ada, doubling('double'), 'publish')
  await server.addFlow(ada, asking('ask'), 'publish')
  const start = (flow: string, body: object) => server.call(ada, `/api/v1/flows/${flow}/runs`, { body })
  await start('double', { input: { n: 1 }, wait: 10 })
  await start('double', { input: {}, wait: 10 })
  const { id } = await (await start('ask', { input: {}, wait: 0.05 })).json()
  await server.app.runtime.waitForEnd(id, 50)
  const response = await server.fetch('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  const value = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1],
    )
  expect(value('millrace_runs{status="waiting"}')).toBe(1)
  expect(value('millrace_runs{status="queued"}')).toBe(0)
  expect(value('millrace_runs_ended_total{status="completed"}')).toBe(1)
  expect(value('millrace_runs_ended_total{status="failed"}')).toBe(1)
  expect(value('millrace_jobs{state="ready"}')).toBe(0)
  expect(value('millrace_runs_in_memory')).toBe(0)
  const count = value('millrace_append_seconds_count')
  expect(count).toBeGreaterThan(2)
  expect(value('millrace_append_seconds_bucket{le="+Inf"}')).toBe(count)
  expect(value('millrace_append_seconds_sum')).toBeGreaterThan(0)
})
