import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listRuns } from '@/db/runs'
import type { FlowDocument } from '@/flow/document'
import { flowOf } from './testing/flows'
import { spawnWorker, type WorkerProcess } from './testing/spawn'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

/* An agent that calls a tool twice: asked, worked, asked, worked, asked. Each is an act, and a crash may come between any two. */

const limitMs = 60_000
let here: TestRuntime
beforeAll(async () => {
  here = await testRuntime({ role: 'web' })
})
afterAll(() => here.close())

const children: WorkerProcess[] = []
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()))
})

function agent(
  id: string,
  method: 'PUT' | 'POST',
  more: { model?: string; retry?: object } = {},
): FlowDocument {
  const { model = 'ledger', ...rest } = more
  const work = { type: 'http', name: 'work', description: 'Works.', method, url: 'http://ledger.test/work' }
  const config = { model, instructions: 'Work.', prompt: '${run.id}', tools: [work] }
  return flowOf(id, [{ id: 'agent', kind: 'agent', config, ...rest }])
}

const keysOf = async (run: string) => (await here.ledgerOf(run)).map(({ key }) => key.slice(run.length + 1))
const allActs = ['model#1', 'agent:1:tool#1.1', 'model#2', 'agent:1:tool#2.1', 'model#3']
function repeated(keys: string[]): string[] {
  return keys.filter((key, index) => keys.indexOf(key) < index)
}

/** Runs the flow in a process that dies around an append; another goes on with it. */
async function crashed(method: 'PUT' | 'POST', when: 'before' | 'after', append: number) {
  const flowId = `${method}_${when}_${append}`.toLowerCase()
  await here.store(agent(flowId, method))
  const order = { url: here.t.url, workspaceId: here.t.workspaceId, role: 'web', startFlow: flowId } as const
  const worker = spawnWorker({ ...order, crash: { when, append } })
  children.push(worker)
  await worker.ended
  const [run] = await listRuns(here.t.db, here.t.workspaceId, { flowId })
  if (!run) throw new Error('It died before its run was there.')
  return { result: await here.end(run.id), keys: await keysOf(run.id) }
}

describe('a process that dies between two acts', () => {
  /*
   * Appends of the run: 1 begins it and the step, 2 the first question; each of the next ends an act and begins the next; 7 ends
   * the run.
   */
  test(
    'repeats at most the one in flight',
    async () => {
      const other = await here.another({ role: 'worker' })
      const one = async (when: 'before' | 'after', append: number) => {
        const { result, keys } = await crashed('PUT', when, append)
        expect(result).toMatchObject({ status: 'completed', output: 'All done.' })
        expect(new Set(keys)).toEqual(new Set(allActs))
        expect(repeated(keys).length).toBeLessThanOrEqual(1)
      }
      await Promise.all([one('after', 2), one('before', 4), one('after', 4), one('before', 6)])
      await other.stop()
    },
    limitMs,
  )

  test(
    'never does again what may be done once only',
    async () => {
      const other = await here.another({ role: 'worker' })
      const [cutOff, done] = await Promise.all([crashed('POST', 'after', 3), crashed('POST', 'after', 4)])
      await other.stop()
      // While the tool was at work nobody knows; when what it gave is stored the run goes on.
      expect(cutOff.result).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
      expect(done.result).toMatchObject({ status: 'completed' })
      for (const { keys } of [cutOff, done]) {
        expect(repeated(keys.filter((key) => key.includes('tool#')))).toEqual([])
      }
    },
    limitMs,
  )
})

test('the next attempt after a model was away goes on behind the acts that were done', async () => {
  const retry = { maxAttempts: 2, interval: 'PT0S' }
  await here.store(agent('away', 'POST', { model: 'ledger/failing', retry }))
  const { runId, finished } = await here.start('away')
  await finished
  expect(await keysOf(runId)).toEqual([...allActs.slice(0, 3), ...allActs.slice(2)])
  const words = await here.wordsOf(runId)
  expect(words.filter((word) => word === 'act_failed agent')).toHaveLength(1)
  expect(words.at(-1)).toBe('run_completed')
})

test('the step used what its acts used, and the history tells of each', async () => {
  await here.store(agent('told', 'PUT'))
  const { runId, finished } = await here.start('told')
  await finished
  const history = await here.historyOf(runId)
  const done = history.find((event) => event.type === 'step_completed' && event.step === 'agent')
  expect(done?.data).toMatchObject({
    usage: { inputTokens: 30, outputTokens: 3, model: 'ledger' },
  })
  const ends = history.flatMap((event) => (event.type === 'act_completed' ? [event.data.name] : []))
  expect(ends).toEqual(['model#1', 'tool#1.1', 'model#2', 'tool#2.1', 'model#3'])
})
