import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishFlow } from '@/db/versions'
import { effect, flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

/* What people do to runs while they are at work: publish over them, cancel them, hand them what is too large. */

let bench: TestRuntime
const mebibyte = 1024 * 1024
beforeAll(async () => {
  bench = await testRuntime({
    lend: {
      code: ({ source }) => Promise.resolve('x'.repeat(Number(source) * mebibyte)),
      model: () =>
        Promise.resolve({
          name: 'silent',
          generate: ({ signal }) =>
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        }),
    },
  })
})
afterAll(() => bench.close())

test('a run stays on the version that it began with, whatever is published meanwhile', async () => {
  const { db, workspaceId } = bench.t
  const answering = (answer: string) =>
    flowOf('replaced', [effect('slow', 'ms=400'), transform('answer', `"${answer}"`)])
  await bench.store(answering('first'))
  await publishFlow(db, workspaceId, 'replaced', [])
  const order = { workspaceId, flowId: 'replaced', version: 'live', input: {}, cause: 'test' } as const
  const before = await bench.runtime.start({ ...order, mode: 'inline' })
  await bench.edit(answering('second'))
  await publishFlow(db, workspaceId, 'replaced', [])
  bench.runtime.published()
  const after = await bench.runtime.start({ ...order, mode: 'inline' })
  expect(await before.finished).toMatchObject({ status: 'completed', output: 'first' })
  expect(await after.finished).toMatchObject({ status: 'completed', output: 'second' })
})

test.each([
  ['an agent', 'asking', [{ id: 'ask', kind: 'agent', config: { instructions: 'Say nothing.' } }]],
  [
    'the items of a container',
    'items',
    [
      { id: 'each', kind: 'for_each', config: { items: '[1..50]', atOnce: 5 } },
      { ...effect('slow', 'ms=60000'), parent: 'each' },
    ],
  ],
])('cancel stops %s in mid-work within a second, and nothing follows', async (_, id, nodes) => {
  const last = nodes[0]?.id ?? ''
  const edges = [
    { from: 'start', to: last },
    { from: last, to: 'after' },
  ]
  await bench.store(flowOf(id, [...nodes, effect('after')], { edges }))
  const { runId, finished } = await bench.start(id)
  await bench.until(runId, (event) => event.type === 'step_started')
  const begunAt = performance.now()
  await bench.runtime.cancel({ workspaceId: bench.t.workspaceId, runId })
  expect(await finished).toMatchObject({ status: 'cancelled' })
  expect(performance.now() - begunAt).toBeLessThan(1_000)
  expect((await bench.wordsOf(runId)).at(-1)).toBe('run_cancelled')
  expect((await bench.ledgerOf(runId)).map(({ path }) => path)).not.toContain('/after')
})

const making = (id: string, size: number) =>
  flowOf(id, [
    { id: 'make', kind: 'code', config: { source: String(size) } },
    transform('measure', '$length(input)'),
  ])

test('an output of a megabyte is stored once, by its hash, and comes back whole', async () => {
  await bench.store(making('large', 1))
  const { runId } = await bench.start('large')
  expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: mebibyte })
  const { rows } = await bench.t.db.pool.query<{ blobs: object; length: number }>(
    "select blobs, length(data::text)::int from run_event where run = $1 and step = 'make' and type = 'step_completed'",
    [runId],
  )
  expect(rows).toEqual([
    { blobs: { output: expect.stringMatching(/^[0-9a-f]{64}$/) }, length: expect.any(Number) },
  ])
  expect(rows[0]?.length).toBeLessThan(1_000)
})

test('an output of 20 megabytes is refused by name, and the run tells where', async () => {
  await bench.store(making('huge', 20))
  const { runId } = await bench.start('huge')
  expect(await bench.end(runId)).toMatchObject({
    status: 'failed',
    error: { code: 'value_too_large', step: 'make' },
  })
})
