import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

describe('an agent that failed on its way', () => {
  const agent = (id: string, instructions: string, prompt = '${run.id}') =>
    flowOf(id, [
      {
        id: 'agent',
        kind: 'agent',
        config: {
          model: 'ledger/failing',
          instructions,
          prompt,
          tools: [
            {
              type: 'http',
              name: 'work',
              description: 'Works.',
              method: 'POST',
              url: 'http://ledger.test/work',
            },
          ],
        },
      },
    ])
  const keysOf = async (run: string) =>
    (await bench.ledgerOf(run)).map(({ key }) => key.slice(run.length + 1))
  /** Its model is away after the first tool. */
  async function cutOff(id: string): Promise<string> {
    await bench.store(agent(id, 'Work.'))
    const { runId } = await bench.start(id)
    expect(await bench.end(runId)).toMatchObject({ status: 'failed', error: { code: 'model_unavailable' } })
    expect(await keysOf(runId)).toEqual(['model#1', 'agent:1:tool#1.1', 'model#2'])
    return runId
  }

  test('goes on behind what it has done, unchanged', async () => {
    const runId = await cutOff('agent_again')
    await again(runId)
    expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: 'All done.' })
    expect((await keysOf(runId)).slice(3)).toEqual(['model#2', 'agent:2:tool#2.1', 'model#3'])
    const history = await bench.historyOf(runId)
    const done = history.find(({ type, step }) => type === 'step_completed' && step === 'agent#2')
    // What was used before was counted then.
    expect(done?.data).toMatchObject({ usage: { inputTokens: 20, outputTokens: 2 } })
    expect(await getRun(bench.t.db, workspaceId, runId)).toMatchObject({ tokens: 33 })
  })

  test('begins anew when its settings were changed, and what it had done is still to be seen', async () => {
    const runId = await cutOff('agent_changed')
    await bench.edit(agent('agent_changed', 'Work better.'))
    await again(runId, { version: 'draft' })
    expect(await bench.end(runId)).toMatchObject({ status: 'completed' })
    expect((await keysOf(runId)).slice(3, 5)).toEqual(['model#1', 'agent:2:tool#1.1'])
    const acts = (await bench.historyOf(runId)).filter(({ type }) => type === 'act_completed')
    expect(acts.map(({ step }) => step).slice(0, 3)).toEqual(['agent', 'agent', 'agent#2'])
  })

  test('begins anew when what it was given is another, although its settings are the same', async () => {
    const given = (expression: string) => {
      const { nodes } = agent('agent_given', 'Work.', '')
      return flowOf('agent_given', [
        transform('given', expression),
        ...nodes.filter(({ id }) => id === 'agent'),
      ])
    }
    await bench.store(given('$$.run.id'))
    const { runId } = await bench.start('agent_given')
    expect(await bench.end(runId)).toMatchObject({ status: 'failed', error: { code: 'model_unavailable' } })
    await bench.edit(given('$$.run.id & " again"'))
    await again(runId, { version: 'draft', from: 'given' })
    await bench.end(runId)
    const history = await bench.historyOf(runId)
    const begun = history.flatMap((event) =>
      event.type === 'act_started' && event.step === 'agent#2' ? [event.data.name] : [],
    )
    expect(begun.slice(0, 2)).toEqual(['model#1', 'tool#1.1'])
  })
})
