import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listEvents } from '@/db/events'
import { listRuns } from '@/db/runs'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import type { RunEvent } from '@/flow/run/event'
import { createRuntime, type Runtime } from './runtime'
import { effect, flowOf, store, transform } from './testing/flows'
import { createLedger, ledgerServices, readLedger } from './testing/ledger'
import { spawnWorker, type Order, type WorkerProcess } from './testing/spawn'

const limitMs = 60_000
let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
  await createLedger(t.db.pool)
})
afterAll(() => t.drop())

const runtimes: Runtime[] = []
async function runtimeHere(role: 'all' | 'web' = 'all'): Promise<Runtime> {
  const services = ledgerServices(t.db.pool)
  const runtime = await createRuntime({
    db: t.db,
    services: () => services,
    log: pino({ level: 'fatal' }),
    role,
  })
  runtimes.push(runtime)
  return runtime
}
const children: WorkerProcess[] = []
function spawn(order: Omit<Order, 'url' | 'workspaceId'>): WorkerProcess {
  const worker = spawnWorker({ url: t.url, workspaceId: t.workspaceId, ...order })
  children.push(worker)
  return worker
}
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.stop()))
  await Promise.all(children.splice(0).map((child) => child.kill()))
})

const historyOf = (runId: string) => listEvents(t.db, t.workspaceId, runId)
async function onlyRunOf(flowId: string): Promise<string | null> {
  const runs = await listRuns(t.db, t.workspaceId, { flowId })
  return runs[0]?.id ?? null
}
async function eventually<T>(look: () => Promise<T | null | false>): Promise<T> {
  for (const endsAt = performance.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const found = await look()
    if (found) return found
    if (performance.now() > endsAt) throw new Error('It did not happen within 15 s.')
  }
}
const countOf = (keys: string[], key: string) => keys.filter((one) => one === key).length
function expectWhole(events: RunEvent[]): void {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
}

describe('a process that is killed', () => {
  /*
   * Appends of the run: 1 begins `a`; 2 has its result and begins `b`; 3 the same for `c`; 4 ends the run. `b` may be done
   * once only.
   */
  const boundaries = [
    { when: 'after', append: 1, ends: 'completed' },
    { when: 'before', append: 2, ends: 'completed' },
    { when: 'after', append: 2, ends: 'interrupted' },
    { when: 'before', append: 3, ends: 'interrupted' },
    { when: 'after', append: 3, ends: 'completed' },
    { when: 'before', append: 4, ends: 'completed' },
    { when: 'after', append: 4, ends: 'completed' },
  ] as const

  test(
    'at any boundary leaves a run that goes on: what was finished once, what was in flight at most once more',
    async () => {
      const runtime = await runtimeHere()
      const one = async ({ when, append, ends }: (typeof boundaries)[number]) => {
        const flowId = `killed_${when}_${append}`
        await store(
          t.db,
          t.workspaceId,
          flowOf(flowId, [
            transform('p', '1'),
            effect('a'),
            transform('q', '2'),
            effect('b', '', 'POST'),
            effect('c'),
          ]),
        )
        await spawn({ role: 'web', startFlow: flowId, crash: { when, append } }).ended
        const runId = (await onlyRunOf(flowId)) ?? ''
        const result = await runtime.waitForEnd(runId, 15_000)
        const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
        const times = (step: string) => countOf(keys, `${runId}:${step}:1`)
        expectWhole(await historyOf(runId))
        expect(times('a')).toBeGreaterThanOrEqual(1)
        expect(times('a')).toBeLessThanOrEqual(append <= 2 && !(when === 'after' && append === 2) ? 2 : 1)
        expect(times('b')).toBeLessThanOrEqual(1)
        if (ends === 'interrupted') {
          expect(result).toMatchObject({ status: 'failed', error: { code: 'interrupted', step: 'b' } })
          expect(times('c')).toBe(0)
        } else {
          expect(result).toMatchObject({ status: 'completed' })
          expect(times('b')).toBe(1)
          expect(times('c')).toBeGreaterThanOrEqual(1)
          expect(times('c')).toBeLessThanOrEqual(append >= 3 ? 2 : 1)
        }
      }
      for (let at = 0; at < boundaries.length; at += 4)
        await Promise.all(boundaries.slice(at, at + 4).map(one))
    },
    limitMs,
  )

  test(
    'while it parks a run leaves one that can be answered',
    async () => {
      const runtime = await runtimeHere()
      const one = async (when: 'before' | 'after') => {
        const flowId = `parking_${when}`
        await store(
          t.db,
          t.workspaceId,
          flowOf(
            flowId,
            [effect('a'), { id: 'approve', kind: 'approval', config: { title: '?' } }, effect('b')],
            {
              edges: [
                { from: 'start', to: 'a' },
                { from: 'a', to: 'approve' },
                { from: 'approve', port: 'approved', to: 'b' },
              ],
            },
          ),
        )
        await spawn({ role: 'web', startFlow: flowId, crash: { when, append: 2 } }).ended
        const runId = (await onlyRunOf(flowId)) ?? ''
        const answer = { workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' }
        await eventually(() =>
          runtime.answer(answer).then(
            () => true,
            () => false,
          ),
        )
        expect(await runtime.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
        const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
        expect(countOf(keys, `${runId}:b:1`)).toBe(1)
      }
      await Promise.all([one('before'), one('after')])
    },
    limitMs,
  )

  test(
    'is noticed within 3 s, and three that look for it make one recovery',
    async () => {
      await store(t.db, t.workspaceId, flowOf('taken_over', [effect('long', 'ms=400'), effect('next')]))
      const others = await Promise.all([runtimeHere(), runtimeHere(), runtimeHere()])
      const child = spawn({ role: 'web', startFlow: 'taken_over' })
      await child.ready
      const runId = await eventually(() => onlyRunOf('taken_over'))
      await eventually(async () => (await readLedger(t.db.pool, runId)).length > 0)
      await child.kill()
      const killedAt = performance.now()
      await eventually(async () => (await readLedger(t.db.pool, runId)).length > 1)
      expect(performance.now() - killedAt).toBeLessThan(3_000)
      expect(await others[0]?.waitForEnd(runId, 10_000)).toMatchObject({ status: 'completed' })
      const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
      expect(keys).toEqual([`${runId}:long:1`, `${runId}:long:1`, `${runId}:next:1`])
      expectWhole(await historyOf(runId))
    },
    limitMs,
  )

  test(
    'three times by the same step fails the run as poisoned',
    async () => {
      await store(t.db, t.workspaceId, flowOf('poison', [effect('before'), effect('deadly', 'die')]))
      const here = await runtimeHere('web')
      const { runId } = await here.start({
        workspaceId: t.workspaceId,
        flowId: 'poison',
        version: 'draft',
        input: {},
        cause: 'test',
        mode: 'queued',
      })
      for (let times = 0; times < 3; times++) {
        const worker = spawn({ role: 'worker' })
        await worker.ended
      }
      await spawn({ role: 'worker' }).ready
      expect(await here.waitForEnd(runId, 15_000)).toMatchObject({
        status: 'failed',
        error: { code: 'poisoned' },
      })
      const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
      expect(countOf(keys, `${runId}:deadly:1`)).toBe(3)
      expect(countOf(keys, `${runId}:before:1`)).toBe(1)
    },
    limitMs,
  )

  test(
    'between attempts does not lose their count',
    async () => {
      const flaky = { ...effect('flaky', 'failing=5'), retry: { maxAttempts: 3, interval: 'PT0.01S' } }
      await store(t.db, t.workspaceId, flowOf('counted', [flaky]))
      const here = await runtimeHere()
      // Its appends: 1 begins attempt 1; 2 tells that it failed and begins nothing yet, or the second attempt.
      await spawn({ role: 'web', startFlow: 'counted', crash: { when: 'after', append: 2 } }).ended
      const runId = (await onlyRunOf('counted')) ?? ''
      expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'failed', error: { attempt: 3 } })
      const retried = (await historyOf(runId)).filter((event) => event.type === 'step_retrying')
      expect(retried).toHaveLength(2)
    },
    limitMs,
  )
})

test(
  'a sleeper whose run was taken over finds its appends refused when it wakes',
  async () => {
    await store(t.db, t.workspaceId, flowOf('slept', [effect('a', 'ms=500'), effect('b')]))
    const child = spawn({ role: 'web', startFlow: 'slept' })
    await child.ready
    const runId = await eventually(() => onlyRunOf('slept'))
    await eventually(async () => (await readLedger(t.db.pool, runId)).length > 0)
    child.child.kill('SIGSTOP')
    // Its machine seems gone: the server drops the connection that holds its lock.
    await t.db.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace liveness'",
    )
    const here = await runtimeHere()
    expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
    const told = await historyOf(runId)
    child.child.kill('SIGCONT')
    await eventually(async () => {
      const { rows } = await t.db.pool.query<{ count: number }>(
        "select count(*)::int from pg_stat_activity where application_name = 'millrace liveness'",
      )
      return (rows[0]?.count ?? 0) >= 2
    })
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await historyOf(runId)).toEqual(told)
    const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
    expect(countOf(keys, `${runId}:a:1`)).toBe(2)
    expect(countOf(keys, `${runId}:b:1`)).toBe(1)
  },
  limitMs,
)

describe('with a runtime here', () => {
  let here: Runtime
  beforeEach(async () => {
    here = await runtimeHere()
  })
  const begin = (flowId: string) =>
    here.start({
      workspaceId: t.workspaceId,
      flowId,
      version: 'draft',
      input: {},
      cause: 'test',
      mode: 'inline',
    })

  test('a run completes once when only the lock connection drops', async () => {
    await store(
      t.db,
      t.workspaceId,
      flowOf('lock_lost', [effect('a', 'ms=300'), effect('b', 'ms=300'), effect('c')]),
    )
    const { runId } = await begin('lock_lost')
    await t.db.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'millrace liveness'",
    )
    expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
    const ends = (await historyOf(runId)).filter((event) => event.type === 'run_completed')
    expect(ends).toHaveLength(1)
    expect(here.health().liveness).toBe('held')
  })

  test('runs go on when every connection to the database was cut', async () => {
    await store(
      t.db,
      t.workspaceId,
      flowOf('cut', [effect('a', 'ms=200', 'POST'), transform('p', '1'), effect('b', 'ms=200', 'POST')]),
    )
    const started = await Promise.all(Array.from({ length: 20 }, () => begin('cut')))
    for (let cuts = 0; cuts < 4; cuts++) {
      await t.db.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name in ('millrace writer', 'millrace listen') and datname = current_database()`,
      )
      await new Promise((resolve) => setTimeout(resolve, 90))
    }
    for (const { runId } of started) {
      expect(await here.waitForEnd(runId, 15_000)).toMatchObject({ status: 'completed' })
      const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
      expect(keys).toEqual([`${runId}:a:1`, `${runId}:b:1`])
      expectWhole(await historyOf(runId))
    }
    expect(here.health().database).toBe('up')
  })

  test('a process that stops hands its runs to others', async () => {
    await store(
      t.db,
      t.workspaceId,
      flowOf('handed', [effect('a', 'ms=300', 'POST'), effect('b', 'ms=10', 'POST')]),
    )
    const { runId } = await begin('handed')
    const other = await runtimeHere()
    await here.stop()
    expect(await other.waitForEnd(runId, 10_000)).toMatchObject({ status: 'completed' })
    const keys = (await readLedger(t.db.pool, runId)).map((entry) => entry.key)
    expect(keys).toEqual([`${runId}:a:1`, `${runId}:b:1`])
  })
})
