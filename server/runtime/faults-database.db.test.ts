import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '@/db/client'
import { effect, flowOf } from './testing/flows'
import { proxyTo } from './testing/proxy'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

/* What a database that goes away, for all or for some, may not do to runs. */

let here: TestRuntime
beforeAll(async () => {
  here = await testRuntime({ role: 'web' })
})
afterAll(() => here.close())

test('after a loss of the database the first that is back does not take the others for dead', async () => {
  await here.store(flowOf('all_cut', [effect('long', 'ms=5000', 'POST'), effect('next', '', 'POST')]))
  const lines = await Promise.all([proxyTo(here.t.url), proxyTo(here.t.url)])
  const [first, second] = lines
  const throughFirst = openDatabase(first.url)
  const throughSecond = openDatabase(second.url)
  const quick = await here.another({ db: throughFirst })
  const late = await here.another({ db: throughSecond })
  const { workspaceId } = here.t
  const order = { workspaceId, flowId: 'all_cut', version: 'draft' as const, input: {}, cause: 'test' }
  const { runId } = await late.start({ ...order, mode: 'inline' })
  // So does whoever would look after runs from here, for its connection is not cut.
  await here.runtime.stop()
  for (const line of lines) line.cut()
  await new Promise((resolve) => setTimeout(resolve, 300))
  first.restore()
  await new Promise((resolve) => setTimeout(resolve, 1_800))
  second.restore()
  expect(await quick.waitForEnd(runId, 20_000)).toMatchObject({ status: 'completed' })
  expect((await here.ledgerOf(runId)).map(({ key }) => key)).toEqual([`${runId}:long:1`, `${runId}:next:1`])
  await Promise.all([quick.stop(), late.stop()])
  await Promise.all([throughFirst.pool.end(), throughSecond.pool.end()])
  await Promise.all(lines.map((line) => line.close()))
})
