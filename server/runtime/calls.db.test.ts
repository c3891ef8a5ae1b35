import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRun } from '@/db/runs'
import type { FlowDocument } from '@/flow/document'
import { publishFlow } from '@/db/versions'
import { StepError } from '@/flow/kind'
import { runs } from '@/nodes/runs'
import { done, type KindRun } from '@/nodes/step'
import { effect, flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
/** Steps of this kind fail the first time that their run comes to them. */
const shaken = new Set<string>()
const log: KindRun = {
  run({ idempotencyKey, input }) {
    const [run = ''] = idempotencyKey.split(':')
    if (shaken.has(run)) return done(input)
    shaken.add(run)
    throw new StepError('not_yet', 'Not the first time.')
  },
}
beforeAll(async () => (bench = await testRuntime({ runs: { ...runs, log } })))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'
const call = (flow: string, input: object = {}) => ({
  id: 'call',
  kind: 'call_flow',
  config: { flow, input },
})

async function publish(document: FlowDocument): Promise<void> {
  await bench.store(document)
  await publishFlow(bench.t.db, workspaceId, document.id, [])
}

interface Child {
  id: string
  number: number
  status: string
  parent_call: number
}

async function childrenOf(run: string): Promise<Child[]> {
  const result = await bench.t.db.pool.query<Child>(
    'select id, number, status, parent_call from run where parent = $1 order by parent_call, id',
    [run],
  )
  return result.rows
}

test('a called flow is a run of its own, and what it yields is what the step yields', async () => {
  await publish(flowOf('doubled', [transform('twice', 'trigger.n * 2')]))
  await bench.store(
    flowOf('calling', [call('doubled', { n: '${ trigger.n }' }), transform('more', 'input + 1')]),
  )
  const { runId } = await bench.start('calling', { n: 20 })
  expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: 41 })
  const [child, ...others] = await childrenOf(runId)
  expect(others).toEqual([])
  expect(child).toMatchObject({ number: 1, status: 'completed', parent_call: 0 })
  expect(await getRun(bench.t.db, workspaceId, child?.id ?? '')).toMatchObject({
    flowId: 'doubled',
    version: 1,
    cause: 'call',
    input: { n: 20 },
    output: 40,
  })
  const [started] = await bench.historyOf(child?.id ?? '')
  expect(started?.data).toMatchObject({ parent: { run: runId, step: 'call', call: 0 }, depth: 1, number: 1 })
  const words = await bench.wordsOf(runId)
  expect(words.filter((word) => word.endsWith(' call'))).toEqual([
    'step_waiting call',
    'event_received call',
    'step_completed call',
  ])
})

test('when the called run fails, the step does; a retry goes on with the same run', async () => {
  await publish(flowOf('flaky', [effect('before'), { id: 'shaky', kind: 'log', config: { message: 'x' } }]))
  const once = { ...call('flaky'), id: 'once' }
  await bench.store(flowOf('unlucky', [once]))
  const unlucky = await bench.start('unlucky')
  expect(await bench.end(unlucky.runId)).toMatchObject({ status: 'failed', error: { step: 'once' } })

  const patient = { ...call('flaky'), retry: { maxAttempts: 2, interval: 'PT0S', retryOn: ['not_yet'] } }
  await bench.store(flowOf('lucky', [patient]))
  const lucky = await bench.start('lucky')
  expect(await bench.end(lucky.runId)).toMatchObject({ status: 'completed' })
  const children = await childrenOf(lucky.runId)
  expect(children).toHaveLength(1)
  expect((await bench.ledgerOf(children[0]?.id ?? '')).map(({ path }) => path)).toEqual(['/before'])
})

test('what cannot be called fails the step and says why', async () => {
  await publish({ ...flowOf('strict', [transform('x', '1')]), input: { type: 'object', required: ['n'] } })
  await bench.store(flowOf('to_nowhere', [call('not_there')]))
  await bench.store(flowOf('to_strict', [call('strict')]))
  const codeOf = async (flow: string) => (await bench.end((await bench.start(flow)).runId)).error?.code
  expect(await codeOf('to_nowhere')).toBe('flow_missing')
  expect(await codeOf('to_strict')).toBe('invalid_input')
})

test('flows that call each other without end fail at the depth of 20', async () => {
  await publish(flowOf('endless', [call('endless')]))
  const { runId } = await bench.start('endless')
  const result = await bench.end(runId)
  expect(result).toMatchObject({ status: 'failed' })
  const failures = await bench.t.db.pool.query<{ code: string; depth: number }>(
    `select distinct e.data->'error'->>'code' as code, (s.data->>'depth')::int as depth from run_event e
     join run_event s on s.run = e.run and s.seq = 1
     where e.type = 'step_failed' and s.data->>'flow' = 'endless' and (s.data->>'depth')::int = 20`,
  )
  expect(failures.rows).toEqual([{ code: 'call_too_deep', depth: 20 }])
})

test('a cancel reaches what was called and what that called, in other processes too, within a second', async () => {
  const other = await bench.another()
  await publish(flowOf('slow_leaf', [effect('long', 'ms=60000'), effect('never')]))
  await publish(flowOf('middle', [call('slow_leaf')]))
  await bench.store(flowOf('top', [call('middle')]))
  const { runId } = await bench.start('top')
  const middle = await eventually(async () => (await childrenOf(runId))[0]?.id)
  const leaf = await eventually(async () => (await childrenOf(middle))[0]?.id)
  await bench.until(leaf, (event) => event.type === 'step_started')
  const askedAt = performance.now()
  await other.cancel({ workspaceId, runId })
  for (const run of [runId, middle, leaf]) {
    expect(await bench.end(run)).toMatchObject({ status: 'cancelled' })
  }
  expect(performance.now() - askedAt).toBeLessThan(1_000)
  expect((await bench.ledgerOf(leaf)).map(({ path }) => path)).toEqual(['/long'])
})

test('a cancelled caller that is continued calls anew, once what it had called has ended', async () => {
  await publish(flowOf('patient', [effect('first'), effect('held', 'ms=300')]))
  await bench.store(flowOf('again', [call('patient')]))
  const { runId } = await bench.start('again')
  const child = await eventually(async () => (await childrenOf(runId))[0]?.id)
  await bench.until(child, (event) => event.type === 'step_started' && event.step === 'held')
  await bench.runtime.cancel({ workspaceId, runId })
  await bench.end(runId)
  await bench.runtime.continueRun({ workspaceId, runId })
  expect(await bench.end(runId)).toMatchObject({ status: 'completed' })
})

test('a spread for-each does each item once, on several workers, in order of the items', async () => {
  await bench.another()
  const document = flowOf(
    'spread',
    [
      { id: 'each', kind: 'for_each', config: { items: 'trigger.items', mode: 'spread', atOnce: 40 } },
      { ...effect('touch', 'n=${ item }'), parent: 'each' },
      { ...transform('twice', 'item * 2'), parent: 'each' },
    ],
    {
      edges: [
        { from: 'start', to: 'each' },
        { from: 'touch', to: 'twice' },
      ],
    },
  )
  await bench.store(document)
  const items = Array.from({ length: 450 }, (_, index) => index)
  const { runId } = await bench.start('spread', { items })
  expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: items.map((item) => item * 2) })
  const children = await childrenOf(runId)
  expect(children.map(({ parent_call }) => parent_call)).toEqual(children.map((_, index) => index))
  expect(children.every(({ number, status }) => number === 1 && status === 'completed')).toBe(true)
  const done = await bench.t.db.pool.query<{ path: string; count: number }>(
    `select count(*)::int as count, count(distinct key)::int as keys from ledger where path = '/touch'`,
  )
  expect(done.rows).toEqual([{ count: 450, keys: 450 }])
})

test('a spread for-each that fails is continued with the items that were not done', async () => {
  const spread = (expression: string) =>
    flowOf(
      'mended_spread',
      [
        { id: 'each', kind: 'for_each', config: { items: '[0..39]', mode: 'spread', atOnce: 8 } },
        { ...effect('done', 'n=${ item }'), parent: 'each' },
        { ...transform('judge', expression), parent: 'each' },
      ],
      {
        edges: [
          { from: 'start', to: 'each' },
          { from: 'done', to: 'judge' },
        ],
      },
    )
  await bench.store(spread('item = 17 ? $error("bad") : item'))
  const { runId } = await bench.start('mended_spread')
  expect(await bench.end(runId)).toMatchObject({ status: 'failed' })
  await bench.edit(spread('item'))
  await bench.runtime.continueRun({ workspaceId, runId, version: 'draft' })
  expect(await bench.end(runId)).toMatchObject({
    status: 'completed',
    output: Array.from({ length: 40 }, (_, index) => index),
  })
  const runs = (await childrenOf(runId)).map(({ id }) => id)
  const done = await bench.t.db.pool.query<{ most: number }>(
    `select max(times)::int as most from (
       select count(*) as times from ledger where path = '/done' and left(key, 36) = any($1::text[]) group by key) as t`,
    [runs],
  )
  expect(done.rows).toEqual([{ most: 1 }])
})

/** What `look` finds, looked for until it is there. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const endsAt = performance.now() + 10_000; performance.now() < endsAt;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It did not appear within 10 s.')
}
