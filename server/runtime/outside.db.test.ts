import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '@/db/client'
import { listEvents } from '@/db/events'
import { getRun } from '@/db/runs'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { createRuntime, type Runtime } from './runtime'
import { effect, flowOf, store, transform } from './testing/flows'
import { proxyTo } from './testing/proxy'
import { createLedger, ledgerServices, readLedger } from './testing/ledger'

/* What reaches a run from outside its process: other processes, timers of parked runs, and a database that goes away. */

let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
  await createLedger(t.db.pool)
})
afterAll(() => t.drop())

const runtimes: Runtime[] = []
async function runtimeHere(role: 'all' | 'web' | 'worker' = 'all', db: Database = t.db): Promise<Runtime> {
  const ledger = ledgerServices(t.db.pool)
  const services = {
    ...ledger,
    model: async () => ({
      name: 'told',
      async generate({ onText }: { onText?: (chunk: string) => void }) {
        for (const chunk of ['one ', 'two ', 'three']) {
          onText?.(chunk)
          await new Promise((resolve) => setTimeout(resolve, 60))
        }
        return { text: 'one two three', usage: { inputTokens: 5, outputTokens: 3 } }
      },
    }),
  }
  const log = pino({ level: 'fatal' })
  const runtime = await createRuntime({ db, services: () => services, log, role })
  runtimes.push(runtime)
  return runtime
}
afterEach(() => Promise.all(runtimes.splice(0).map((runtime) => runtime.stop())))

const order = (flowId: string, mode: 'inline' | 'queued') => ({
  workspaceId: t.workspaceId,
  flowId,
  version: 'draft' as const,
  input: {},
  cause: 'test',
  mode,
})
async function eventually(look: () => Promise<boolean> | boolean): Promise<void> {
  for (const endsAt = performance.now() + 20_000; !(await look());) {
    if (performance.now() > endsAt) throw new Error('It did not happen within 20 s.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a run executed by another process is followed from here, text as it is written', async () => {
  const web = await runtimeHere('web')
  await runtimeHere('worker')
  // Processes that came up learn of each other within two seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_200))
  const agent = { id: 'write', kind: 'agent', config: { instructions: 'Count.', prompt: 'Go' } }
  await store(t.db, t.workspaceId, flowOf('followed_there', [agent, effect('after')]))
  const { runId } = await web.start(order('followed_there', 'queued'))
  const seqs: number[] = []
  let text = ''
  for await (const news of web.follow(t.workspaceId, runId, 0, AbortSignal.timeout(15_000))) {
    if (news.type === 'text') text += news.chunk
    else seqs.push(news.seq)
  }
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  expect(text).toBe('one two three')
  expect((await getRun(t.db, t.workspaceId, runId)).tokens).toBe(8)
})

test('cancel reaches a run in another process within a second', async () => {
  const there = await runtimeHere()
  const here = await runtimeHere('web')
  await store(t.db, t.workspaceId, flowOf('cancelled_there', [effect('slow', 'ms=60000')]))
  const { runId, finished } = await there.start(order('cancelled_there', 'inline'))
  const begunAt = performance.now()
  await here.cancel({ workspaceId: t.workspaceId, runId })
  expect(await finished).toMatchObject({ status: 'cancelled' })
  expect(performance.now() - begunAt).toBeLessThan(1_000)
})

test('an answer given to another process reaches the run that is at work here', async () => {
  const here = await runtimeHere()
  const there = await runtimeHere('web')
  const approval = { id: 'approve', kind: 'approval', config: { title: '?' } }
  const edges = [
    { from: 'start', to: 'approve' },
    { from: 'start', to: 'slow' },
  ]
  await store(t.db, t.workspaceId, flowOf('answered_there', [approval, effect('slow', 'ms=1200')], { edges }))
  const { runId, finished } = await here.start(order('answered_there', 'inline'))
  await eventually(async () =>
    (await listEvents(t.db, t.workspaceId, runId)).some((event) => event.type === 'step_waiting'),
  )
  await there.answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' })
  expect(await finished).toMatchObject({ status: 'completed' })
})

test('a parked run is woken by its timer, to the moment', async () => {
  const here = await runtimeHere()
  await store(
    t.db,
    t.workspaceId,
    flowOf('parked_timer', [{ id: 'pause', kind: 'wait', config: { for: 'PT6S' } }]),
  )
  const begunAt = performance.now()
  const { runId, finished } = await here.start(order('parked_timer', 'inline'))
  expect(await finished).toMatchObject({ status: 'waiting' })
  expect(here.health().runs).toBe(0)
  expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(5_950)
  expect(performance.now() - begunAt).toBeLessThan(7_500)
})

test('a parked run whose wake-up was lost is found by the look for overdue ones', async () => {
  const here = await runtimeHere()
  await store(
    t.db,
    t.workspaceId,
    flowOf('lost_job', [{ id: 'pause', kind: 'wait', config: { for: 'PT6S' } }]),
  )
  const { runId, finished } = await here.start(order('lost_job', 'inline'))
  await finished
  await t.db.pool.query('delete from graphile_worker._private_jobs where key = $1', [`timer:${runId}`])
  await t.db.pool.query(
    "update wait set deadline = clock_timestamp() - interval '6 seconds' where run = $1",
    [runId],
  )
  expect(await here.waitForEnd(runId, 20_000)).toMatchObject({ status: 'completed' })
})

test('while the database is away nothing is lost and health says so; when it is back, runs go on', async () => {
  const proxy = await proxyTo(t.url)
  const through = openDatabase(proxy.url)
  const here = await runtimeHere('all', through)
  await store(
    t.db,
    t.workspaceId,
    flowOf('away', [effect('a', 'ms=300', 'POST'), transform('p', '1'), effect('b', '', 'POST')]),
  )
  const started = await Promise.all(Array.from({ length: 10 }, () => here.start(order('away', 'inline'))))
  const { runId: parked, finished } = await here.start(order('parked_timer', 'inline'))
  await finished
  proxy.cut()
  await eventually(() => here.health().database === 'away' && here.health().liveness === 'lost')
  expect(await here.start(order('away', 'inline')).catch((error: unknown) => error)).toMatchObject({
    code: 'unavailable',
    status: 503,
  })
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  proxy.restore()
  await eventually(() => here.health().database === 'up' && here.health().liveness === 'held')
  for (const { runId } of started) {
    expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
    const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
    expect(keys).toEqual([`${runId}:a:1`, `${runId}:b:1`])
    const seqs = (await listEvents(t.db, t.workspaceId, runId)).map((event) => event.seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  }
  expect(await here.waitForEnd(parked, 20_000)).toMatchObject({ status: 'completed' })
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.stop()))
  await through.pool.end()
  await proxy.close()
}, 60_000)
