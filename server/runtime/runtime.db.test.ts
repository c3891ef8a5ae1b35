import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listEvents } from '@/db/events'
import { getRun } from '@/db/runs'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { createRuntime, type Runtime } from './runtime'
import { effect, flowOf, store, transform } from './testing/flows'
import { createLedger, ledgerServices, readLedger } from './testing/ledger'

let t: TestDatabase
let runtime: Runtime
beforeAll(async () => {
  t = await testDatabase()
  await createLedger(t.db.pool)
  const services = ledgerServices(t.db.pool)
  runtime = await createRuntime({
    db: t.db,
    services: () => services,
    log: pino({ level: 'warn' }),
    role: 'all',
  })
})
afterAll(async () => {
  await runtime.stop()
  await t.drop()
})

const draft = { version: 'draft', cause: 'manual', mode: 'inline' } as const
const startInline = (flowId: string, input = {}) =>
  runtime.start({ ...draft, workspaceId: t.workspaceId, flowId, input })

test('a run of pure steps ends at once, and its history tells every step', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('pure', [transform('twice', 'trigger.n * 2'), transform('more', 'input + 1')]),
  )
  const { runId, number, finished } = await startInline('pure', { n: 20 })
  expect(await finished).toMatchObject({ status: 'completed', output: 41, number })
  const events = await listEvents(t.db, t.workspaceId, runId)
  expect(events.map((event) => `${event.seq} ${event.type} ${event.step ?? ''}`.trim())).toEqual([
    '1 run_started',
    '2 step_completed start',
    '3 step_completed twice',
    '4 step_completed more',
    '5 run_completed',
  ])
  expect(await getRun(t.db, t.workspaceId, runId)).toMatchObject({
    status: 'completed',
    output: 41,
    input: { n: 20 },
    lastSeq: 5,
    number: 1,
  })
})

test('an effect is performed once, after its start is stored', async () => {
  await store(t.db, t.workspaceId, flowOf('effects', [effect('first'), effect('second', '', 'POST')]))
  const { runId, finished } = await startInline('effects')
  expect(await finished).toMatchObject({ status: 'completed' })
  expect((await readLedger(t.db.pool, runId)).map((entry) => entry.key)).toEqual([
    `${runId}:first:1`,
    `${runId}:second:1`,
  ])
})
