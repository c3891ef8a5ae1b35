import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { pino } from 'pino'
import { publishFlow } from '@/db/versions'
import { createRuntime } from '@/server/runtime/runtime'
import { benchDatabase } from './database'
import { effect, instantServices, storeFlow, type NodeInput } from './flows'
import { quantile, type Row } from './table'

const parkedRuns = 10_000
const atOnce = 64
const idleMs = 12_000
const samples = 200

/** What waiting costs: 10,000 parked runs beside none; and how soon a run begins, or goes on, when its time has come. */
export async function run(): Promise<Row[]> {
  const database = await benchDatabase()
  const { db, workspaceId } = database
  /** When each effect was performed, by its key. */
  const performedAt = new Map<string, number>()
  const services = instantServices(async (url, key) => {
    performedAt.set(key, performance.now())
    if (url.endsWith('/ten_ms')) await delay(10)
  })
  const log = pino({ level: 'warn' })
  const runtime = await createRuntime({ db, services: () => services, log, role: 'all' })

  const approval: NodeInput = { id: 'approve', kind: 'approval', config: { title: 'Go on?' } }
  await storeFlow(
    database,
    'asks',
    [approval, effect('after')],
    [
      { from: 'start', to: 'approve' },
      { from: 'approve', port: 'approved', to: 'after' },
    ],
  )
  await storeFlow(database, 'quick', [effect('first')])
  const items: NodeInput = { id: 'each', kind: 'for_each', config: { items: 'trigger', atOnce: 50 } }
  await storeFlow(
    database,
    'thousand',
    [items, { ...effect('ten_ms'), parent: 'each' }],
    [{ from: 'start', to: 'each' }],
  )
  for (const flowId of ['asks', 'quick', 'thousand']) await publishFlow(db, workspaceId, flowId, [])
  const order = { workspaceId, version: 'live' as const, cause: 'bench', input: {} }

  const sleepUntilPerformed = async (key: string, sinceMs: number): Promise<number> => {
    for (const endsAt = performance.now() + 10_000; performance.now() < endsAt; await delay(1)) {
      const at = performedAt.get(key)
      if (at !== undefined) return at - sinceMs
    }
    throw new Error(`${key} was not performed within 10 s.`)
  }

  const starts: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const begunAt = performance.now()
    const { runId } = await runtime.start({ ...order, flowId: 'quick', mode: 'queued' })
    starts.push(await sleepUntilPerformed(`${runId}:first:1`, begunAt))
    await delay(20)
  }

  const none = await idle()
  const parked = await park(async () => {
    const { runId, finished } = await runtime.start({ ...order, flowId: 'asks', mode: 'inline' })
    const result = await finished
    if (result?.status !== 'waiting') throw new Error(`A run is ${result?.status}, not parked.`)
    return runId
  })
  await delay(2_000)
  const many = await idle()

  const wakes: number[] = []
  for (const runId of parked.slice(0, samples)) {
    const begunAt = performance.now()
    await runtime.answer({ workspaceId, runId, step: 'approve', answer: 'approved' })
    wakes.push(await sleepUntilPerformed(`${runId}:after:1`, begunAt))
    await delay(20)
  }

  const eachSeconds: number[] = []
  for (let time = 0; time < 5; time++) {
    const begunAt = performance.now()
    const input = Array.from({ length: 1_000 }, (_, at) => at)
    const { finished } = await runtime.start({ ...order, input, flowId: 'thousand', mode: 'inline' })
    const result = await finished
    if (result?.status !== 'completed')
      throw new Error(`The run ended ${result?.status}: ${result?.error?.message}`)
    eachSeconds.push((performance.now() - begunAt) / 1_000)
  }
  await runtime.stop()
  await database.drop()
  return [
    { what: 'idle, nothing parked: processor', value: none.cpu, unit: '% of a core' },
    { what: `idle, ${parkedRuns} parked: processor`, value: many.cpu, unit: '% of a core' },
    { what: 'idle, nothing parked: memory', value: none.megabytes, unit: 'MB heap' },
    { what: `idle, ${parkedRuns} parked: memory`, value: many.megabytes, unit: 'MB heap' },
    { what: 'idle, nothing parked: statements', value: none.statements, unit: '/s' },
    { what: `idle, ${parkedRuns} parked: statements`, value: many.statements, unit: '/s' },
    { what: 'answer to next effect of a parked run, median', value: quantile(wakes, 0.5), unit: 'ms' },
    {
      what: 'answer to next effect of a parked run, p95',
      value: quantile(wakes, 0.95),
      unit: 'ms',
      aim: 50,
      better: 'less',
    },
    { what: 'queued start to first effect, median', value: quantile(starts, 0.5), unit: 'ms' },
    {
      what: 'queued start to first effect, p95',
      value: quantile(starts, 0.95),
      unit: 'ms',
      aim: 20,
      better: 'less',
    },
    {
      what: 'for_each, 1,000 items of 10 ms, 50 at once',
      value: quantile(eachSeconds, 0.5),
      unit: 's',
      aim: 0.35,
      better: 'less',
    },
  ]
}

async function park(one: () => Promise<string>): Promise<string[]> {
  const runs: string[] = []
  const lane = async () => {
    for (let at = 0; at < parkedRuns / atOnce; at++) runs.push(await one())
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return runs
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
}

/** What this process uses, and asks of the database, while there is nothing to do. */
async function idle(): Promise<{ cpu: number; megabytes: number; statements: number }> {
  collectGarbage()
  const stop = countStatements()
  const cpu = process.cpuUsage()
  const begunAt = performance.now()
  await delay(idleMs)
  const tookMs = performance.now() - begunAt
  const { user, system } = process.cpuUsage(cpu)
  const statements = stop()
  collectGarbage()
  return {
    cpu: ((user + system) / 1_000 / tookMs) * 100,
    megabytes: process.memoryUsage().heapUsed / 1_048_576,
    statements: (statements * 1_000) / tookMs,
  }
}

/**
 * Counts what this process sends until it is told to stop. The database's own count would do worse: it comes late, and holds
 * what PostgreSQL does of itself to tidy up after the runs were parked.
 */
function countStatements(): () => number {
  let count = 0
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    count++
    return Reflect.apply(query, this, given)
  }
  return () => {
    pg.Client.prototype.query = query
    return count
  }
}
