import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listEvents } from '@/db/events'
import { createFlow } from '@/db/flows'
import { getRun } from '@/db/runs'
import { setVariable } from '@/db/variables'
import { testDatabase, type TestDatabase } from '@/db/testing/database'
import { graphOf } from '@/flow/graph'
import type { RunEvent } from '@/flow/run/event'
import { replay } from '@/flow/run/replay'
import { kinds } from '@/nodes/definitions'
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
    log: pino({ level: 'error' }),
    role: 'all',
  })
})
afterAll(async () => {
  await runtime.stop()
  await t.drop()
})

const start = (flowId: string, input = {}, mode: 'inline' | 'queued' = 'inline') =>
  runtime.start({ workspaceId: t.workspaceId, flowId, version: 'draft', input, cause: 'test', mode })
const historyOf = (runId: string) => listEvents(t.db, t.workspaceId, runId)
const wordsOf = (events: RunEvent[]) =>
  events.map((event) => [event.type, event.step].filter(Boolean).join(' '))

async function until(runId: string, isThere: (event: RunEvent) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  for await (const event of runtime.follow(t.workspaceId, runId, 0, signal)) {
    if (event.type !== 'text' && isThere(event)) return
  }
  throw new Error('It did not happen within 10 s.')
}

const approval = { id: 'approve', kind: 'approval', config: { title: 'Go on?' } }

test('a run of pure steps ends at once, and its history tells every step', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('pure', [transform('twice', 'trigger.n * 2'), transform('more', 'input + 1')]),
  )
  const { runId, number, finished } = await start('pure', { n: 20 })
  expect(await finished).toMatchObject({ status: 'completed', output: 41, number })
  expect(wordsOf(await historyOf(runId))).toEqual([
    'run_started',
    'step_completed start',
    'step_completed twice',
    'step_completed more',
    'run_completed',
  ])
  expect(await getRun(t.db, t.workspaceId, runId)).toMatchObject({
    status: 'completed',
    output: 41,
    input: { n: 20 },
    lastSeq: 5,
    number: 1,
  })
})

test('replaying a stored history gives the state that the run had', async () => {
  const document = flowOf('replayed', [
    { id: 'set', kind: 'set_state', config: { values: { zebra: '${ trigger.n }', a: 1 } } },
    effect('out'),
    { id: 'end', kind: 'complete', config: { output: { state: '${ state }', got: '${ steps.out.body }' } } },
  ])
  await store(t.db, t.workspaceId, document)
  const { runId, finished } = await start('replayed', { n: 7 })
  const result = await finished
  const state = replay(graphOf(document, kinds), await historyOf(runId))
  expect(state.status).toBe('completed')
  expect(JSON.stringify(state.output)).toBe(JSON.stringify(result?.output))
  expect(JSON.stringify(state.output)).toBe('{"state":{"zebra":7,"a":1},"got":{"path":"/out"}}')
})

test('an effect is performed once, after its start is stored', async () => {
  await store(t.db, t.workspaceId, flowOf('effects', [effect('first'), effect('second', '', 'POST')]))
  const { runId, finished } = await start('effects')
  expect(await finished).toMatchObject({ status: 'completed' })
  expect((await readLedger(t.db.pool, runId)).map((entry) => entry.key)).toEqual([
    `${runId}:first:1`,
    `${runId}:second:1`,
  ])
})

test('branches run at the same time and meet', async () => {
  const document = flowOf(
    'branches',
    [effect('a', 'ms=300'), effect('b', 'ms=300'), effect('c', 'ms=300'), { id: 'meet', kind: 'join' }],
    {
      edges: ['a', 'b', 'c'].flatMap((id) => [
        { from: 'start', to: id },
        { from: id, to: 'meet' },
      ]),
    },
  )
  await store(t.db, t.workspaceId, document)
  const begunAt = performance.now()
  const { finished } = await start('branches')
  const result = await finished
  expect(Object.keys(result?.output ?? {})).toEqual(['a', 'b', 'c'])
  expect(performance.now() - begunAt).toBeLessThan(800)
})

test('a queued run starts from the queue, with its number and its input', async () => {
  await store(t.db, t.workspaceId, flowOf('queued', [transform('echo', 'trigger')]))
  const { runId, number } = await start('queued', { deep: [1, { b: 1, a: 2 }] }, 'queued')
  const result = await runtime.waitForEnd(runId, 10_000)
  expect(result).toMatchObject({ status: 'completed', number })
  expect(JSON.stringify(result?.output)).toBe('{"deep":[1,{"b":1,"a":2}]}')
})

test('the same idempotency key gives the same run, even at the same moment', async () => {
  await store(t.db, t.workspaceId, flowOf('keyed', [effect('once', '', 'POST')]))
  const starts = await Promise.all(
    Array.from({ length: 5 }, () =>
      runtime.start({
        workspaceId: t.workspaceId,
        flowId: 'keyed',
        version: 'draft',
        input: {},
        cause: 'test',
        idempotencyKey: 'order 17',
        mode: 'inline',
      }),
    ),
  )
  const ids = new Set(starts.map((started) => started.runId))
  expect(ids.size).toBe(1)
  const [runId = ''] = ids
  await runtime.waitForEnd(runId, 10_000)
  expect(await readLedger(t.db.pool, runId)).toHaveLength(1)
})

test('numbers count from 1 within a flow', async () => {
  await store(t.db, t.workspaceId, flowOf('numbered', []))
  const numbers: number[] = []
  for (let count = 0; count < 3; count++) {
    const { number, finished } = await start('numbered')
    numbers.push(number)
    await finished
  }
  expect(numbers[0]).toBe(1)
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers)
  expect(new Set(numbers).size).toBe(3)
})

test('a flow that cannot run is refused with its problems', async () => {
  await createFlow(t.db, t.workspaceId, flowOf('broken', [{ id: 'what', kind: 'no_such_kind' }]))
  await expect(start('broken')).rejects.toMatchObject({ code: 'invalid_flow' })
  await expect(start('nowhere')).rejects.toMatchObject({ code: 'not_found' })
})

test('an attempt that fails is tried again, and the count is kept', async () => {
  const retried = { ...effect('flaky', 'failing=2'), retry: { maxAttempts: 4, interval: 'PT0.01S' } }
  await store(t.db, t.workspaceId, flowOf('retried', [retried]))
  const { runId, finished } = await start('retried')
  expect(await finished).toMatchObject({ status: 'completed' })
  expect(await readLedger(t.db.pool, runId)).toHaveLength(3)
  const attempts = (await historyOf(runId)).flatMap((event) =>
    event.type === 'step_started' ? [event.data.attempt] : [],
  )
  expect(attempts).toEqual([1, 2, 3])
})

test('a failing step takes its error route, or ends the run and stops what is beside it', async () => {
  const routed = { ...effect('bad', 'status=404'), onError: 'route' as const }
  await store(
    t.db,
    t.workspaceId,
    flowOf('routed', [routed, transform('caught', 'error.code')], {
      edges: [
        { from: 'start', to: 'bad' },
        { from: 'bad', port: 'error', to: 'caught' },
      ],
    }),
  )
  expect(await (await start('routed')).finished).toMatchObject({ status: 'completed', output: 'http_status' })
  await store(
    t.db,
    t.workspaceId,
    flowOf('failing', [effect('bad', 'status=404'), effect('slow', 'ms=60000')], {
      edges: [
        { from: 'start', to: 'bad' },
        { from: 'start', to: 'slow' },
      ],
    }),
  )
  expect(await (await start('failing')).finished).toMatchObject({
    status: 'failed',
    error: { code: 'http_status', step: 'bad', attempt: 1 },
  })
})

test('an attempt past its time limit fails as timeout, and a run past its own as run_timeout', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('slow_step', [{ ...effect('slow', 'ms=60000'), timeout: 'PT0.1S' }]),
  )
  expect(await (await start('slow_step')).finished).toMatchObject({
    status: 'failed',
    error: { code: 'timeout' },
  })
  await store(
    t.db,
    t.workspaceId,
    flowOf('slow_run', [effect('slow', 'ms=60000')], { settings: { timeout: 'PT0.2S' } }),
  )
  expect(await (await start('slow_run')).finished).toMatchObject({
    status: 'failed',
    error: { code: 'run_timeout' },
  })
})

test('a short wait ends to the moment', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('short_wait', [{ id: 'pause', kind: 'wait', config: { for: 'PT0.3S' } }]),
  )
  const begunAt = performance.now()
  expect(await (await start('short_wait')).finished).toMatchObject({ status: 'completed' })
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(290)
  expect(performance.now() - begunAt).toBeLessThan(1_000)
})

test('a run that waits for people is parked, and goes on with the answer', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('asked', [effect('before'), approval, transform('after', 'steps.approve.decision')], {
      edges: [
        { from: 'start', to: 'before' },
        { from: 'before', to: 'approve' },
        { from: 'approve', port: 'approved', to: 'after' },
      ],
    }),
  )
  const { runId, finished } = await start('asked')
  expect(await finished).toMatchObject({ status: 'waiting' })
  expect(await getRun(t.db, t.workspaceId, runId)).toMatchObject({ status: 'waiting' })
  const answer = { workspaceId: t.workspaceId, runId, step: 'approve', person: 'tess@example.com' }
  await expect(runtime.answer({ ...answer, answer: 'perhaps' })).rejects.toMatchObject({
    code: 'answer_invalid',
  })
  await runtime.answer({ ...answer, answer: { decision: 'approved' } })
  await expect(runtime.answer({ ...answer, answer: 'approved' })).rejects.toMatchObject({
    code: 'already_answered',
  })
  expect(await runtime.waitForEnd(runId, 10_000)).toMatchObject({ status: 'completed', output: 'approved' })
  expect(await readLedger(t.db.pool, runId)).toHaveLength(1)
  const words = wordsOf(await historyOf(runId))
  expect(words.filter((word) => word === 'answer_received approve')).toHaveLength(1)
  expect(words).toContain('run_paused')
})

test('an approval that is clicked twice at the same moment counts once', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('clicked', [approval, effect('done')], {
      edges: [
        { from: 'start', to: 'approve' },
        { from: 'approve', port: 'approved', to: 'done' },
      ],
    }),
  )
  const { runId, finished } = await start('clicked')
  await finished
  const click = () =>
    runtime.answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' })
  const clicks = await Promise.allSettled([click(), click(), click()])
  expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await runtime.waitForEnd(runId, 10_000)).toMatchObject({ status: 'completed' })
  expect(await readLedger(t.db.pool, runId)).toHaveLength(1)
})

test('an answer reaches a run that is still at work elsewhere in the flow', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('busy', [approval, effect('slow', 'ms=1500')], {
      edges: [
        { from: 'start', to: 'approve' },
        { from: 'start', to: 'slow' },
      ],
    }),
  )
  const { runId, finished } = await start('busy')
  await until(runId, (event) => event.type === 'step_waiting')
  await runtime.answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'rejected' })
  expect(await finished).toMatchObject({ status: 'completed' })
  const words = wordsOf(await historyOf(runId))
  expect(words.indexOf('answer_received approve')).toBeLessThan(words.indexOf('step_completed slow'))
})

test('a deadline passes once, whoever answers after it', async () => {
  const timed = { ...approval, config: { title: 'Quick?', timeout: 'PT0.2S' } }
  await store(t.db, t.workspaceId, flowOf('timed', [timed]))
  const { runId, finished } = await start('timed')
  expect(await finished).toMatchObject({ status: 'completed', output: { decision: 'timed_out' } })
  const late = runtime.answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' })
  await expect(late).rejects.toMatchObject({ code: 'answer_expired' })
})

test('an answer that races the deadline gives one continuation', async () => {
  const timed = { ...approval, config: { title: 'Quick?', timeout: 'PT0.15S' } }
  await store(t.db, t.workspaceId, flowOf('raced', [timed]))
  const runs = await Promise.all(Array.from({ length: 12 }, () => start('raced')))
  const outcomes = await Promise.all(
    runs.map(async ({ runId }, index) => {
      await new Promise((resolve) => setTimeout(resolve, 100 + index * 10))
      const accepted = await runtime
        .answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' })
        .then(
          () => true,
          () => false,
        )
      const result = await runtime.waitForEnd(runId, 10_000)
      return { accepted, decision: (result?.output as { decision: string }).decision }
    }),
  )
  for (const { accepted, decision } of outcomes) expect(decision).toBe(accepted ? 'approved' : 'timed_out')
})

test('cancel stops an effect in flight within a second, and nothing follows', async () => {
  await store(t.db, t.workspaceId, flowOf('cancelled', [effect('slow', 'ms=60000'), effect('never')]))
  const { runId, finished } = await start('cancelled')
  await until(runId, (event) => event.type === 'step_started')
  const begunAt = performance.now()
  await runtime.cancel({ workspaceId: t.workspaceId, runId, by: 'tess@example.com' })
  expect(await finished).toMatchObject({ status: 'cancelled' })
  expect(performance.now() - begunAt).toBeLessThan(1_000)
  expect((await historyOf(runId)).at(-1)).toMatchObject({
    type: 'run_cancelled',
    data: { by: 'tess@example.com' },
  })
})

test('cancel ends a parked run, and leaves one that has ended as it is', async () => {
  await store(t.db, t.workspaceId, flowOf('parked_cancel', [approval]))
  const { runId, finished } = await start('parked_cancel')
  await finished
  expect(await runtime.cancel({ workspaceId: t.workspaceId, runId })).toEqual({ status: 'waiting' })
  expect(await runtime.waitForEnd(runId, 1_000)).toMatchObject({ status: 'cancelled' })
  expect(await runtime.cancel({ workspaceId: t.workspaceId, runId })).toEqual({ status: 'cancelled' })
  const answer = runtime.answer({ workspaceId: t.workspaceId, runId, step: 'approve', answer: 'approved' })
  await expect(answer).rejects.toMatchObject({ code: 'not_asked' })
})

test('cancel racing the end gives one outcome', async () => {
  await store(t.db, t.workspaceId, flowOf('cancel_race', [effect('quick', 'ms=20')]))
  for (let delayMs = 0; delayMs < 40; delayMs += 4) {
    const { runId, finished } = await start('cancel_race')
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    await runtime.cancel({ workspaceId: t.workspaceId, runId })
    const result = await finished
    const ends = (await historyOf(runId)).filter(
      (event) => event.type === 'run_completed' || event.type === 'run_cancelled',
    )
    expect(ends.map((event) => event.type)).toEqual([`run_${result?.status}`])
    expect(await getRun(t.db, t.workspaceId, runId)).toMatchObject({ status: result?.status })
  }
})

test('a follower sees every event once and in order, from wherever it begins', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('followed', [effect('a', 'ms=50'), effect('b', 'ms=50'), effect('c', 'ms=50')]),
  )
  const { runId } = await start('followed')
  const seen = async (afterSeq: number) => {
    const seqs: number[] = []
    for await (const event of runtime.follow(t.workspaceId, runId, afterSeq, AbortSignal.timeout(10_000))) {
      if (event.type !== 'text') seqs.push(event.seq)
    }
    return seqs
  }
  const [whole, rest] = await Promise.all([seen(0), seen(4)])
  const { lastSeq } = await getRun(t.db, t.workspaceId, runId)
  expect(whole).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1))
  expect(rest).toEqual(whole.slice(4))
  expect(await seen(lastSeq)).toEqual([])
  await expect(
    runtime.follow('elsewhere', runId, 0, AbortSignal.timeout(1_000))[Symbol.asyncIterator]().next(),
  ).rejects.toMatchObject({ code: 'not_found' })
})

test('values above 64 KiB are stored once and come back whole', async () => {
  await store(
    t.db,
    t.workspaceId,
    flowOf('large', [transform('copy', 'trigger.text'), transform('again', 'input')]),
  )
  const text = 'large value '.repeat(10_000)
  const { runId, finished } = await start('large', { text })
  expect((await finished)?.output).toBe(text)
  const outputs = (await historyOf(runId)).flatMap((event) =>
    event.type === 'step_completed' ? [event.data.output] : [],
  )
  expect(outputs).toEqual([{ text }, text, text])
  const stored = await t.db.pool.query(
    'select octet_length(data::text) as size from run_event where run = $1',
    [runId],
  )
  expect(Math.max(...stored.rows.map((row: { size: number }) => row.size))).toBeLessThan(1_000)
})

test('steps see the variables of their workspace', async () => {
  await setVariable(t.db, t.workspaceId, 'region', { name: 'north' })
  await store(t.db, t.workspaceId, flowOf('varied', [transform('read', 'vars.region.name')]))
  const runtimeAfter = await createRuntime({
    db: t.db,
    services: () => ledgerServices(t.db.pool),
    log: pino({ level: 'error' }),
    role: 'web',
  })
  const { finished } = await runtimeAfter.start({
    workspaceId: t.workspaceId,
    flowId: 'varied',
    version: 'draft',
    input: {},
    cause: 'test',
    mode: 'inline',
  })
  expect(await finished).toMatchObject({ status: 'completed', output: 'north' })
  await runtimeAfter.stop()
})

test('samples stand in for steps when asked for', async () => {
  const sampled = { ...effect('out'), sample: { body: 'pinned' } }
  await store(t.db, t.workspaceId, flowOf('sampled', [sampled, transform('read', 'steps.out.body')]))
  const { runId, finished } = await runtime.start({
    workspaceId: t.workspaceId,
    flowId: 'sampled',
    version: 'draft',
    input: {},
    cause: 'test',
    mode: 'inline',
    samples: true,
  })
  expect(await finished).toMatchObject({ status: 'completed', output: 'pinned' })
  expect(await readLedger(t.db.pool, runId)).toHaveLength(0)
})
