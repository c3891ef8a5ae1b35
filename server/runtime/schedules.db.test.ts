import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listRuns } from '@/db/runs'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { archiveFlow, createFlow } from '@/db/flows'
import { publishFlow } from '@/db/versions'
import { documentSchema } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { createRuntime, type Runtime } from './runtime'
import { ledgerServices } from './testing/ledger'

let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
})
afterAll(() => t.drop())

const runtimes: Runtime[] = []
async function runtimeHere(): Promise<Runtime> {
  const services = ledgerServices(t.db.pool)
  const log = pino({ level: 'fatal' })
  const runtime = await createRuntime({ db: t.db, services: () => services, log, role: 'all' })
  runtimes.push(runtime)
  return runtime
}
afterEach(() => Promise.all(runtimes.splice(0).map((runtime) => runtime.stop())))

async function scheduled(id: string, config: JsonObject): Promise<void> {
  const document = documentSchema.parse({
    millrace: 1,
    id,
    nodes: [{ id: 'often', kind: 'schedule', config }],
  })
  await createFlow(t.db, t.workspaceId, document)
  await publishFlow(t.db, t.workspaceId, id, [{ node: 'often', kind: 'schedule', config }])
}
const runsOf = (flowId: string) => listRuns(t.db, t.workspaceId, { flowId })
/** As if the processes had slept since before that time. */
async function makeDue(flowId: string, at: Date): Promise<void> {
  await t.db.pool.query('update schedule set planned = true, next_at = $2 where flow_id = $1', [flowId, at])
}
async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const endsAt = performance.now() + 15_000; !(await look());) {
    if (performance.now() > endsAt) throw new Error('It did not happen within 15 s.')
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

test('a schedule starts one run for each due time, however many processes look', async () => {
  await Promise.all([runtimeHere(), runtimeHere(), runtimeHere()])
  await scheduled('each_second', { cron: '* * * * * *', input: { from: 'schedule' } })
  await eventually(async () => (await runsOf('each_second')).length >= 3)
  await archiveFlow(t.db, t.workspaceId, 'each_second')
  const inputs = await t.db.pool.query<{ input: { at: string; from: string }; cause: string }>(
    "select input, cause from run where flow_id = 'each_second'",
  )
  const times = inputs.rows.map((row) => row.input.at)
  expect(new Set(times).size).toBe(times.length)
  for (const at of times) expect(Date.parse(at) % 1_000).toBe(0)
  expect(inputs.rows[0]).toMatchObject({ cause: 'schedule', input: { from: 'schedule' } })
})

test('a due time that fell into a restart is made up for', async () => {
  await scheduled('restarted', { cron: '0 0 1 1 *' })
  await makeDue('restarted', new Date(Date.now() - 30_000))
  await Promise.all([runtimeHere(), runtimeHere()])
  await eventually(async () => (await runsOf('restarted')).length > 0)
  expect(await runsOf('restarted')).toHaveLength(1)
})

test('times missed for long are left out, or made up for as the schedule says', async () => {
  const hourMs = 3_600_000
  await scheduled('leave_out', { cron: '0 * * * *' })
  await scheduled('last_one', { cron: '0 * * * *', catchUp: 'last' })
  await scheduled('each_one', { cron: '0 * * * *', catchUp: 'all' })
  const nowMs = Date.now()
  const thisHourMs = nowMs - (nowMs % hourMs)
  const due = new Date(thisHourMs - 3 * hourMs)
  for (const id of ['leave_out', 'last_one', 'each_one']) await makeDue(id, due)
  await runtimeHere()
  await eventually(async () => (await runsOf('each_one')).length === 4)
  await eventually(async () => (await runsOf('last_one')).length === 1)
  const isJustDue = nowMs - thisHourMs < 5 * 60_000
  expect(await runsOf('leave_out')).toHaveLength(isJustDue ? 1 : 0)
})
