import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRuns } from '@/db/runs'
import { matchKeptEvents } from '@/db/outside-events'
import { publishFlow } from '@/db/versions'
import { flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime()))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'
const send = (name: string, more: { key?: string; data?: string | number; dedupeKey?: string } = {}) =>
  bench.runtime.deliverEvent({ workspaceId, name, data: null, ...more })
const waiting = (id: string, name: string, more: object = {}) =>
  flowOf(id, [{ id: 'hear', kind: 'wait_for_event', config: { name, key: '${ trigger.key }', ...more } }], {
    edges: [{ from: 'start', to: 'hear' }],
  })
const keptCount = async (name: string) =>
  (await bench.t.db.pool.query('select 1 from kept_event where name = $1 and delivered = 0', [name])).rowCount

async function startWaiting(flow: string, key: string): Promise<string> {
  const { runId } = await bench.start(flow, { key })
  await bench.until(runId, (event) => event.type === 'step_waiting')
  return runId
}

test('an event reaches every step that waits for its name and key, and no other', async () => {
  await bench.store(waiting('heard', 'paid'))
  const first = await startWaiting('heard', 'a')
  const second = await startWaiting('heard', 'a')
  const other = await startWaiting('heard', 'b')
  expect(await send('paid', { key: 'a', data: 7 })).toEqual({ delivered: 2 })
  for (const run of [first, second]) {
    expect(await bench.end(run)).toMatchObject({ status: 'completed', output: 7 })
  }
  expect(await bench.runtime.waitForEnd(other, 0)).toMatchObject({ status: 'waiting' })
  expect(await keptCount('paid')).toBe(0)
})

test('one that nobody waits for is kept, and goes to the first that begins to', async () => {
  await bench.store(waiting('late', 'early'))
  expect(await send('early', { key: 'k', data: 1 })).toEqual({ delivered: 0 })
  expect(await send('early', { key: 'k', data: 2 })).toEqual({ delivered: 0 })
  expect(await keptCount('early')).toBe(2)
  const first = await bench.start('late', { key: 'k' })
  expect(await bench.end(first.runId)).toMatchObject({ status: 'completed', output: 1 })
  const second = await bench.start('late', { key: 'k' })
  expect(await bench.end(second.runId)).toMatchObject({ status: 'completed', output: 2 })
  expect(await keptCount('early')).toBe(0)
})

test('after the time it is kept for it is not delivered any more', async () => {
  const brief = await bench.another({ keepEventsMs: 1 })
  await brief.deliverEvent({ workspaceId, name: 'gone', key: 'k', data: 1 })
  await bench.store(waiting('too_late', 'gone'))
  const { runId } = await bench.start('too_late', { key: 'k' })
  await bench.until(runId, (event) => event.type === 'run_paused')
  expect(await matchKeptEvents(bench.t.db.pool, null)).toBe(0)
  expect(await bench.runtime.waitForEnd(runId, 0)).toMatchObject({ status: 'waiting' })
})

test('the same event sent twice is delivered once, also when both come together', async () => {
  await bench.store(waiting('deduped', 'twice'))
  const first = await startWaiting('deduped', 'k')
  const sent = await Promise.all([1, 2, 3].map((data) => send('twice', { key: 'k', data, dedupeKey: 'one' })))
  expect(sent).toEqual([{ delivered: 1 }, { delivered: 1 }, { delivered: 1 }])
  await bench.end(first)
  const second = await startWaiting('deduped', 'k')
  expect(await send('twice', { key: 'k', data: 4, dedupeKey: 'one' })).toEqual({ delivered: 1 })
  expect(await bench.runtime.waitForEnd(second, 0)).toMatchObject({ status: 'waiting' })
  expect(await send('twice', { key: 'k', data: 5, dedupeKey: 'two' })).toEqual({ delivered: 1 })
  expect(await bench.end(second)).toMatchObject({ output: 5 })
})

test('waits that begin while events come lose none and share none', async () => {
  await bench.store(waiting('crossing', 'crossed'))
  const count = 30
  const started = Array.from({ length: count }, (_, index) => bench.start('crossing', { key: `k${index}` }))
  const sent = Array.from({ length: count }, (_, index) => send('crossed', { key: `k${index}`, data: index }))
  await Promise.all(sent)
  for (const [index, one] of started.entries()) {
    expect(await bench.end((await one).runId)).toMatchObject({ status: 'completed', output: index })
  }
  expect(await keptCount('crossed')).toBe(0)
})

test('an event that races the end of the wait gives one continuation', async () => {
  await bench.store(waiting('racing', 'raced', { timeout: 'PT0.1S' }))
  const runs = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const key = `r${index}`
      const { runId } = await bench.start('racing', { key })
      setTimeout(() => void send('raced', { key }), 95 + index)
      return runId
    }),
  )
  for (const run of runs) {
    await bench.end(run)
    const words = await bench.wordsOf(run)
    expect(words.filter((word) => word === 'event_received hear')).toHaveLength(1)
    expect(words.filter((word) => word === 'step_completed hear')).toHaveLength(1)
  }
})

test('an event starts the flows that begin with it, once each, when its filter lets it', async () => {
  const begun = flowOf('begun', [], {})
  const trigger = { id: 'on', kind: 'event', config: { name: 'ordered', filter: 'trigger.data > 10' } }
  await bench.store({
    ...flowOf('begun', [trigger, transform('take', 'trigger.data')], {
      edges: [{ from: 'on', to: 'take' }],
    }),
    name: begun.name,
  })
  const config = { name: 'ordered', filter: 'trigger.data > 10' }
  await publishFlow(bench.t.db, workspaceId, 'begun', [{ node: 'on', kind: 'event', config }])
  expect(await send('ordered', { data: 5 })).toEqual({ delivered: 0 })
  expect(await send('ordered', { data: 20, dedupeKey: 'o-1' })).toEqual({ delivered: 1 })
  expect(await send('ordered', { data: 20, dedupeKey: 'o-1' })).toEqual({ delivered: 1 })
  const [run, ...others] = await listRuns(bench.t.db, workspaceId, { flowId: 'begun' })
  expect(others).toEqual([])
  expect(await bench.end(run?.id ?? '')).toMatchObject({ status: 'completed', output: 20 })
})

test('an answer that comes too late, a second one, and one of the wrong shape each have their own error', async () => {
  const ask = (id: string, more: object = {}) =>
    flowOf(id, [
      {
        id: 'ask',
        kind: 'approval',
        config: { title: 'Go on?', rule: 'all', people: ['a@x.io', 'b@x.io'], ...more },
      },
    ])
  await bench.store(ask('patient'))
  const { runId } = await bench.start('patient')
  await bench.until(runId, (event) => event.type === 'step_waiting')
  const answer = (run: string, given: string, person = 'a@x.io') =>
    bench.runtime.answer({ workspaceId, runId: run, step: 'ask', answer: given, person })
  await expect(answer(runId, 'perhaps')).rejects.toMatchObject({ code: 'answer_invalid' })
  await answer(runId, 'approved')
  await bench.until(runId, (event) => event.type === 'answer_received')
  await expect(answer(runId, 'approved')).rejects.toMatchObject({ code: 'already_answered' })
  await answer(runId, 'approved', 'b@x.io')
  await bench.end(runId)
  await expect(answer(runId, 'approved', 'b@x.io')).rejects.toMatchObject({ code: 'already_answered' })
  await bench.store(ask('hurried', { timeout: 'PT0.05S' }))
  const late = await bench.start('hurried')
  await bench.end(late.runId)
  await expect(answer(late.runId, 'approved')).rejects.toMatchObject({ code: 'answer_expired', status: 410 })
  const stopped = await bench.start('patient')
  await bench.until(stopped.runId, (event) => event.type === 'step_waiting')
  await bench.runtime.cancel({ workspaceId, runId: stopped.runId })
  await bench.end(stopped.runId)
  await expect(answer(stopped.runId, 'approved')).rejects.toMatchObject({ code: 'not_asked' })
})
