import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { flowOf, effect, transform } from './testing/flows'
import { spawnWorker, type Order, type WorkerProcess } from './testing/spawn'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

/* What a crash may not spoil: what was told to a run, its place in the queue, its retries, its good name. */

const limitMs = 60_000
let here: TestRuntime
beforeAll(async () => {
  here = await testRuntime({ role: 'web' })
})
afterAll(() => here.close())

const children: WorkerProcess[] = []
function spawn(order: Omit<Order, 'url' | 'workspaceId'>): WorkerProcess {
  const worker = spawnWorker({ url: here.t.url, workspaceId: here.t.workspaceId, ...order })
  children.push(worker)
  return worker
}
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(children.splice(0).map((child) => child.kill()))
})

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const endsAt = performance.now() + 15_000; !(await look());) {
    if (performance.now() > endsAt) throw new Error('It did not happen within 15 s.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const keysOf = async (run: string) => (await here.ledgerOf(run)).map((entry) => entry.key)

describe('a process that dies between an answer and what follows it', () => {
  test.each(['before', 'after'] as const)(
    '%s it wrote the answer into the history loses nothing',
    async (when) => {
      const flowId = `answered_${when}`
      const edges = [
        { from: 'start', to: 'approve' },
        { from: 'approve', port: 'approved', to: 'b' },
      ]
      const approve = { id: 'approve', kind: 'approval', config: { title: '?' } }
      await here.store(flowOf(flowId, [approve, effect('b', '', 'POST')], { edges }))
      const { runId, finished } = await here.start(flowId)
      expect(await finished).toMatchObject({ status: 'waiting' })
      const { workspaceId } = here.t
      await here.runtime.answer({ workspaceId, runId, step: 'approve', answer: 'approved' })
      await spawn({ role: 'worker', crash: { when, append: 1 } }).ended
      const other = await here.another({ role: 'worker' })
      const result = await here.end(runId)
      await other.stop()
      const answers = (await here.wordsOf(runId)).filter((word) => word === 'answer_received approve')
      expect(answers).toHaveLength(1)
      // The answer and the beginning of `b` are written together; nobody knows whether a begun POST took effect.
      if (when === 'before') {
        expect(result).toMatchObject({ status: 'completed' })
        expect(await keysOf(runId)).toEqual([`${runId}:b:1`])
      } else {
        expect(result).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
        expect((await keysOf(runId)).length).toBeLessThanOrEqual(1)
      }
    },
    limitMs,
  )
})

test(
  'a queued run goes on within seconds when the process dies that had taken its job but not yet the run',
  async () => {
    await here.store(flowOf('locked', [transform('p', '1')]))
    const holder = await here.t.db.pool.connect()
    const { runId } = await here.start('locked', {}, 'queued')
    await holder.query('begin')
    await holder.query('select from run where id = $1 for update', [runId])
    const worker = spawn({ role: 'worker' })
    await eventually(async () => {
      const { rowCount } = await here.t.db.pool.query(
        'select from graphile_worker._private_jobs where key = $1 and locked_at is not null',
        [`advance:${runId}`],
      )
      return rowCount === 1
    })
    await worker.kill()
    const other = await here.another({ role: 'worker' })
    await holder.query('rollback')
    holder.release()
    const freeAt = performance.now()
    expect(await here.end(runId)).toMatchObject({ status: 'completed' })
    expect(performance.now() - freeAt).toBeLessThan(7_000)
    await other.stop()
  },
  limitMs,
)

test('a job that was taken under a name that nobody knows is freed', async () => {
  await here.store(flowOf('unnamed', [transform('p', '1')]))
  const { runId } = await here.start('unnamed', {}, 'queued')
  await here.t.db.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'pool-unknown', locked_at = now() - interval '20 seconds'
     where key = $1`,
    [`advance:${runId}`],
  )
  const other = await here.another({ role: 'worker' })
  expect(await here.end(runId)).toMatchObject({ status: 'completed' })
  await other.stop()
})

test('deaths at which no step of the run was at work do not count as its own', async () => {
  await here.store(flowOf('innocent', [effect('a')]))
  const { runId } = await here.start('innocent', {}, 'queued')
  await here.t.db.pool.query('update run set crashes = 5 where id = $1', [runId])
  const other = await here.another({ role: 'worker' })
  expect(await here.end(runId)).toMatchObject({ status: 'completed' })
  await other.stop()
})

test('a run that pauses long between attempts is parked, and its next attempt is the second', async () => {
  // The pause is drawn at random up to the interval.
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
  const retry = { maxAttempts: 2, interval: 'PT6S' }
  await here.store(flowOf('backs_off', [{ ...effect('flaky', 'failing=1'), retry }]))
  const { runId, finished } = await here.start('backs_off')
  expect(await finished).toMatchObject({ status: 'waiting' })
  expect(here.runtime.health().runs).toBe(0)
  const other = await here.another({ role: 'worker' })
  expect(await here.end(runId)).toMatchObject({ status: 'completed' })
  expect(await keysOf(runId)).toEqual([`${runId}:flaky:1`, `${runId}:flaky:1`])
  await other.stop()
})

test(
  'machines whose clocks are off by five minutes agree on when a wait and a run are over',
  async () => {
    const pause = { id: 'pause', kind: 'wait', config: { for: 'PT1.5S' } }
    const settings = { timeout: 'PT1M' }
    await here.store(
      flowOf('clocks', [effect('a'), pause, { ...effect('b'), timeout: 'PT30S' }], { settings }),
    )
    await here.store(flowOf('overdue', [effect('slow', 'ms=60000')], { settings: { timeout: 'PT2S' } }))
    for (const skewMs of [300_000, -300_000]) {
      const worker = spawn({ role: 'worker', skewMs })
      await worker.ready
      const askedAt = performance.now()
      const { runId } = await here.start('clocks', {}, 'queued')
      expect(await here.end(runId)).toMatchObject({ status: 'completed' })
      expect(performance.now() - askedAt).toBeGreaterThan(1_450)
      const { rows } = await here.t.db.pool.query<{ offMs: number }>(
        `select max(abs(extract(epoch from (l.at - e.at))) * 1000)::float as "offMs"
         from ledger l join run_event e on e.run = $1 and e.type = 'step_started' and l.key = e.run || ':' || e.step || ':1'`,
        [runId],
      )
      expect(rows[0]?.offMs).toBeLessThan(2_000)
      const late = await here.start('overdue', {}, 'queued')
      expect(await here.end(late.runId)).toMatchObject({ status: 'failed', error: { code: 'run_timeout' } })
      await worker.kill()
    }
  },
  limitMs,
)
