import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRun } from '@/db/runs'
import { effect, flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
beforeAll(async () => (bench = await testRuntime()))
afterAll(() => bench.close())

const workspaceId = 'workspace_of_tests'
const again = (runId: string, more: object = {}) => bench.runtime.continueRun({ workspaceId, runId, ...more })

/** Fails at `mend` until it is edited; `left` is a sibling whose result does not depend on it. */
const breaking = (id: string, expression = '$error("broken")', more: { from: string; to: string }[] = []) =>
  flowOf(id, [effect('first'), effect('left'), transform('mend', expression), { id: 'meet', kind: 'join' }], {
    edges: [
      { from: 'start', to: 'first' },
      { from: 'start', to: 'left' },
      { from: 'first', to: 'mend' },
      { from: 'left', to: 'meet' },
      { from: 'mend', to: 'meet' },
      ...more,
    ],
  })

/** Waits for both effects, so that what fails does so after them. */
async function failed(id: string): Promise<string> {
  await bench.store(breaking(id, undefined, [{ from: 'left', to: 'mend' }]))
  const { runId } = await bench.start(id)
  expect(await bench.end(runId)).toMatchObject({ status: 'failed' })
  return runId
}

test('a failed run goes on from the failed step on the edited draft, and keeps what it had', async () => {
  const runId = await failed('mended')
  const before = await getRun(bench.t.db, workspaceId, runId)
  await bench.edit(breaking('mended', '"whole"'))
  await again(runId, { version: 'draft', by: 'tess@example.com' })
  expect(await bench.end(runId)).toMatchObject({
    status: 'completed',
    output: { left: { status: 200 }, mend: 'whole' },
    error: null,
  })
  expect((await bench.ledgerOf(runId)).map(({ path }) => path).sort()).toEqual(['/first', '/left'])
  const after = await getRun(bench.t.db, workspaceId, runId)
  expect(after.versionId).not.toBe(before.versionId)
  expect(after.number).toBe(before.number)
  const history = await bench.historyOf(runId)
  expect(history.map((event) => event.seq)).toEqual(history.map((_, index) => index + 1))
  expect(history.find((event) => event.type === 'run_continued')?.data).toEqual({
    version: null,
    by: 'tess@example.com',
  })
})

test('it can go on from any step; what follows that step runs again, the rest does not', async () => {
  const runId = await failed('from_first')
  await bench.edit(breaking('from_first', '"whole"'))
  await again(runId, { version: 'draft', from: 'first' })
  expect(await bench.end(runId)).toMatchObject({ status: 'completed' })
  const keys = (await bench.ledgerOf(runId)).map(({ key }) => key.slice(runId.length + 1)).sort()
  expect(keys).toEqual(['first:1', 'first:2', 'left:1'])
})

test('on its own version what is broken fails again, and the run can be continued again', async () => {
  const runId = await failed('still_broken')
  for (let time = 1; time <= 2; time++) {
    await again(runId)
    expect(await bench.end(runId)).toMatchObject({ status: 'failed', error: { code: 'expression_failed' } })
  }
  expect((await bench.ledgerOf(runId)).length).toBe(2)
  expect((await bench.wordsOf(runId)).filter((word) => word === 'run_continued')).toHaveLength(2)
})

test('a cancelled run goes on', async () => {
  await bench.store(flowOf('stopped', [effect('slow', 'ms=60000'), transform('after', '"end"')]))
  const { runId } = await bench.start('stopped')
  await bench.until(runId, (event) => event.type === 'step_started')
  await bench.runtime.cancel({ workspaceId, runId })
  expect(await bench.end(runId)).toMatchObject({ status: 'cancelled' })
  await bench.edit(flowOf('stopped', [effect('slow'), transform('after', '"end"')]))
  await again(runId, { version: 'draft' })
  expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: 'end' })
})

test('of several that continue it at once one does, the others are told', async () => {
  const runId = await failed('raced')
  const other = await bench.another()
  const tries = await Promise.allSettled([
    again(runId),
    again(runId),
    other.continueRun({ workspaceId, runId }),
    other.continueRun({ workspaceId, runId }),
  ])
  expect(await bench.end(runId)).toMatchObject({ status: 'failed' })
  expect(tries.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
  const continued = (await bench.wordsOf(runId)).filter((word) => word === 'run_continued').length
  expect(continued).toBe(tries.filter(({ status }) => status === 'fulfilled').length)
  for (const one of tries) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'run_not_ended' })
  }
})

test('a run that lives or has completed is not continued, and no wrong step is begun with', async () => {
  await bench.store(flowOf('asking', [{ id: 'ask', kind: 'approval', config: { title: 'Go on?' } }]))
  const { runId: asking, finished } = await bench.start('asking')
  await finished
  await expect(again(asking)).rejects.toMatchObject({ code: 'run_not_ended' })
  await bench.store(flowOf('fine', [transform('one', '1')]))
  const { runId: fine } = await bench.start('fine')
  await bench.end(fine)
  await expect(again(fine)).rejects.toMatchObject({ code: 'run_completed' })
  const broken = await failed('astray')
  await expect(again(broken, { from: 'nowhere' })).rejects.toMatchObject({ code: 'no_such_step' })
  await bench.edit(flowOf('astray', [{ id: 'mend', kind: 'transform', config: {} }]))
  await expect(again(broken, { version: 'draft' })).rejects.toMatchObject({ code: 'invalid_flow' })
  expect(await getRun(bench.t.db, workspaceId, broken)).toMatchObject({ status: 'failed' })
})

test('many are continued at once by flow, step and code; those that do not fit are left alone', async () => {
  await bench.store(breaking('many'))
  const runs: string[] = []
  for (let made = 0; made < 12; made++) runs.push((await bench.start('many')).runId)
  for (const run of runs) await bench.end(run)
  await bench.edit(breaking('many', '"whole"'))
  const filter = { flowId: 'many', status: 'failed' as const }
  const nothing = { continued: 0, refused: [], more: false }
  const many = (more: object) =>
    bench.runtime.continueMany({ workspaceId, version: 'draft', filter: { ...filter, ...more } })
  expect(await many({ step: 'first' })).toEqual(nothing)
  expect(await many({ code: 'timeout' })).toEqual(nothing)
  expect(await many({ to: new Date(0) })).toEqual(nothing)
  expect(await many({ step: 'mend', code: 'expression_failed' })).toEqual({
    continued: 12,
    refused: [],
    more: false,
  })
  for (const run of runs) expect(await bench.end(run)).toMatchObject({ status: 'completed' })
  expect(await many({})).toEqual(nothing)
})
