import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishFlow } from '@/db/versions'
import type { FlowDocumentInput } from '@/flow/document'
import { effect, flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime()))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'

type Concurrency = NonNullable<NonNullable<FlowDocumentInput['settings']>['concurrency']>
const counted = (id: string, concurrency: Concurrency, ms: number) =>
  flowOf(id, [effect('work', `ms=${ms}`), transform('end', '"done"')], { settings: { concurrency } })

/** How many runs were at work together at most, by the times of their steps. */
async function mostAtOnce(flow: string): Promise<number> {
  const result = await bench.t.db.pool.query<{ most: number }>(
    `with turns as (
       select at, case type when 'step_started' then 1 else -1 end as change from run_event e
       join run r on r.id = e.run and r.flow_id = $1
       where e.step = 'work' and e.type in ('step_started', 'step_completed')
     )
     select max(sum)::int as most from (select sum(change) over (order by at, change) from turns) as s`,
    [flow],
  )
  return result.rows[0]?.most ?? 0
}

test('with a limit the others queue, and never are more at work, whatever processes start them', async () => {
  const other = await bench.another()
  await bench.store(counted('limited', { limit: 2, whenFull: 'queue' }, 30))
  const request = { workspaceId, flowId: 'limited', version: 'draft' as const, input: {}, cause: 'test' }
  const started = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      (index % 2 ? bench.runtime : other).start({ ...request, mode: index % 3 ? 'queued' : 'inline' }),
    ),
  )
  for (const { runId } of started) expect(await bench.end(runId)).toMatchObject({ status: 'completed' })
  expect(await mostAtOnce('limited')).toBe(2)
})

test('the key says who is counted together', async () => {
  await bench.store(counted('by_customer', { limit: 1, key: 'trigger.customer', whenFull: 'reject' }, 60_000))
  const first = await bench.start('by_customer', { customer: 'a' })
  const second = await bench.start('by_customer', { customer: 'b' }, 'queued')
  await expect(bench.start('by_customer', { customer: 'a' })).rejects.toMatchObject({
    status: 429,
    code: 'concurrency_full',
  })
  await expect(bench.start('by_customer', {})).rejects.toMatchObject({ code: 'concurrency_key_failed' })
  await bench.runtime.cancel({ workspaceId, runId: first.runId })
  await bench.end(first.runId)
  const third = await bench.start('by_customer', { customer: 'a' })
  await bench.until(third.runId, (event) => event.type === 'step_started')
  for (const { runId } of [second, third]) await bench.runtime.cancel({ workspaceId, runId })
  const left = await bench.t.db.pool.query(`select id from run where flow_id = 'by_customer'`)
  expect(left.rowCount).toBe(3)
})

test('replace: the newest takes the place of the oldest', async () => {
  await bench.store(counted('newest', { limit: 1, whenFull: 'replace' }, 60_000))
  const first = await bench.start('newest')
  await bench.until(first.runId, (event) => event.type === 'step_started')
  const second = await bench.start('newest')
  expect(await bench.end(first.runId)).toMatchObject({ status: 'cancelled' })
  const third = await bench.start('newest', {}, 'queued')
  expect(await bench.end(second.runId)).toMatchObject({ status: 'cancelled' })
  await bench.until(third.runId, (event) => event.type === 'step_started')
  await bench.runtime.cancel({ workspaceId, runId: third.runId })
  await bench.end(third.runId)
})

test('a called flow keeps to its limit: it waits for room, or fails its caller', async () => {
  const publish = async (id: string, whenFull: 'queue' | 'reject') => {
    await bench.store(counted(id, { limit: 1, whenFull }, 150))
    await publishFlow(bench.t.db, workspaceId, id, [])
    const call = (node: string) => ({ id: node, kind: 'call_flow', config: { flow: id, input: {} } })
    await bench.store(
      flowOf(`calls_${id}`, [call('one'), call('two')], {
        edges: [
          { from: 'start', to: 'one' },
          { from: 'start', to: 'two' },
        ],
      }),
    )
    return bench.end((await bench.start(`calls_${id}`)).runId)
  }
  expect(await publish('narrow', 'queue')).toMatchObject({ status: 'completed' })
  expect(await mostAtOnce('narrow')).toBe(1)
  expect(await publish('strict', 'reject')).toMatchObject({
    status: 'failed',
    error: { code: 'concurrency_full' },
  })
})

test('a continued run takes its turn', async () => {
  await bench.store(
    flowOf('in_turn', [transform('judge', 'trigger.fails ? $error("no") : 1'), effect('work', 'ms=100')], {
      settings: { concurrency: { limit: 1, whenFull: 'queue' } },
    }),
  )
  const failed = await bench.start('in_turn', { fails: true })
  expect(await bench.end(failed.runId)).toMatchObject({ status: 'failed' })
  await bench.edit(
    flowOf('in_turn', [transform('judge', '1'), effect('work', 'ms=100')], {
      settings: { concurrency: { limit: 1, whenFull: 'queue' } },
    }),
  )
  const busy = await bench.start('in_turn')
  await bench.runtime.continueRun({ workspaceId, runId: failed.runId, version: 'draft' })
  for (const { runId } of [busy, failed]) {
    expect(await bench.end(runId)).toMatchObject({ status: 'completed' })
  }
  expect(await mostAtOnce('in_turn')).toBe(1)
})
