import { afterAll, beforeAll, expect, test } from 'vitest'
import { personalToken } from '@/db/answer-links'
import { deleteOldRuns, deleteUnusedBlobs } from '@/db/retention'
import { publishFlow } from '@/db/versions'
import { flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime()))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'

async function countOf(table: string, run: string): Promise<number> {
  const result = await bench.t.db.pool.query(`select 1 from ${table} where run = $1`, [run])
  return result.rowCount ?? 0
}

/** Makes ended runs look as if they had ended two days ago. */
async function age(...runs: string[]): Promise<void> {
  await bench.t.db.pool.query(
    `update run set ended_at = now() - interval '2 days' where id = any($1::uuid[])`,
    [runs],
  )
}

const isThere = async (run: string) =>
  (await bench.t.db.pool.query('select 1 from run where id = $1', [run])).rowCount === 1
const day = 24 * 3_600_000

test('deletes what ended long ago, with all that is its own, and nothing else', async () => {
  const large = '$join([1..9000].("number " & $string()), "-")'
  await bench.store(flowOf('large', [transform('big', large), transform('end', '1')]))
  await bench.store(flowOf('asking', [{ id: 'ask', kind: 'approval', config: { title: 'Go on?' } }]))
  const ended = async (flow: string) => {
    const { runId } = await bench.start(flow)
    await bench.end(runId)
    return runId
  }
  const old = await ended('large')
  const young = await ended('large')
  const asking = (await bench.start('asking')).runId
  await bench.until(asking, (event) => event.type === 'run_paused')
  await age(old)
  const person = { run: old, wait: 'w1', person: 'ana@example.com' }
  await personalToken(bench.t.db, workspaceId, person)
  expect(await countOf('blob_use', old)).toBe(1)
  expect(await deleteOldRuns(bench.t.db, { olderThanMs: day })).toBe(1)
  expect([await isThere(old), await isThere(young), await isThere(asking)]).toEqual([false, true, true])
  for (const table of ['run_event', 'wait', 'answer_link', 'blob_use'])
    expect(await countOf(table, old)).toBe(0)
  // The same text was stored once for both runs: it goes with the second.
  expect(await deleteUnusedBlobs(bench.t.db, 0)).toBe(0)
  const [, , big] = await bench.historyOf(young)
  expect(JSON.stringify(big?.data).length).toBeGreaterThan(100_000)
  await age(young)
  expect(await deleteOldRuns(bench.t.db, { olderThanMs: day })).toBe(1)
  expect(await deleteUnusedBlobs(bench.t.db)).toBe(0)
  expect(await deleteUnusedBlobs(bench.t.db, 0)).toBe(1)
  expect(await countOf('wait', asking)).toBe(1)
})

test('keeps the newest of each flow', async () => {
  await bench.store(flowOf('many', [transform('one', '1')]))
  await bench.store(flowOf('few', [transform('one', '1')]))
  const runs: string[] = []
  for (let made = 0; made < 5; made++) runs.push((await bench.start('many')).runId)
  const few = (await bench.start('few')).runId
  for (const run of [...runs, few]) await bench.end(run)
  expect(await deleteOldRuns(bench.t.db, { keepPerFlow: 2 })).toBe(3)
  expect(await Promise.all(runs.map(isThere))).toEqual([false, false, false, true, true])
  expect(await isThere(few)).toBe(true)
  expect(await deleteOldRuns(bench.t.db, {})).toBe(0)
})

test('a run stays as long as one that it has started, and they go together', async () => {
  await bench.store(flowOf('leaf', [transform('one', '1')]))
  await publishFlow(bench.t.db, workspaceId, 'leaf', [])
  await bench.store(
    flowOf('caller', [{ id: 'call', kind: 'call_flow', config: { flow: 'leaf', input: {} } }]),
  )
  const { runId } = await bench.start('caller')
  await bench.end(runId)
  const children = await bench.t.db.pool.query<{ id: string }>('select id from run where parent = $1', [
    runId,
  ])
  const child = children.rows[0]?.id ?? ''
  await age(runId, child)
  await bench.t.db.pool.query(`update run set status = 'waiting', ended_at = null where id = $1`, [child])
  expect(await deleteOldRuns(bench.t.db, { olderThanMs: day })).toBe(0)
  await bench.t.db.pool.query(`update run set status = 'completed', ended_at = now() where id = $1`, [child])
  expect(await deleteOldRuns(bench.t.db, { olderThanMs: day })).toBe(2)
  expect([await isThere(runId), await isThere(child)]).toEqual([false, false])
})
