import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { publishFlow } from '@/db/versions'
import { bundleProcess } from './bundle'
import { benchDatabase, type BenchDatabase } from './database'
import { effect, storeFlow } from './flows'
import type { Row } from './table'

const workerCounts = [1, 2, 4]
const effects = 10
/** Runs at once in each worker: few, so that effects are what takes the time; and many, to find what gives out first. */
const light = 8
const heavy = 128
const forMs = 6_000

/** Flows of ten effects of 10 ms each, on 1, 2 and 4 worker processes. */
export async function run(): Promise<Row[]> {
  const database = await benchDatabase()
  const file = await bundleProcess('scale-worker')
  const ids = Array.from({ length: effects }, (_, at) => effect(`e${at}`))
  const flowId = await storeFlow(database, 'ten_effects', ids)
  await publishFlow(database.db, database.workspaceId, flowId, [])
  const rows: Row[] = []
  let alone = 0
  for (const count of workerCounts) {
    const workers = await Promise.all(Array.from({ length: count }, () => spawn(file, database)))
    await load(workers, { flowId, lanes: light, forMs: forMs / 3 })
    const measured = await measure(database, workers, { flowId, lanes: light, forMs })
    if (count === 1) alone = measured.perSecond
    const full = await measure(database, workers, { flowId, lanes: heavy, forMs })
    for (const worker of workers) worker.kill('SIGKILL')
    const about = `${count} worker${count === 1 ? '' : 's'}`
    rows.push(
      { what: `${about}, ${light} runs at once each`, value: measured.perSecond, unit: 'effects/s' },
      {
        what: `${about}, times what one does`,
        value: measured.perSecond / alone,
        unit: '',
        aim: 0.9 * count,
      },
      { what: `${about}, processors used by them`, value: measured.workers, unit: 'cores' },
      { what: `${about}, processors used by the database`, value: measured.database, unit: 'cores' },
      { what: `${about}, ${heavy} runs at once each`, value: full.perSecond, unit: 'effects/s' },
      { what: `${about} full, processors used by them`, value: full.workers, unit: 'cores' },
      { what: `${about} full, processors used by the database`, value: full.database, unit: 'cores' },
    )
  }
  await database.drop()
  return rows
}

interface Load {
  flowId: string
  lanes: number
  forMs: number
}
const answerSchema = z.object({ ended: z.int(), cpuMs: z.number() })
type Answer = z.infer<typeof answerSchema>

async function spawn(file: string, { url, workspaceId }: BenchDatabase): Promise<ChildProcess> {
  const child = fork(file, [], {
    execArgv: [],
    env: { ...process.env, DATABASE_URL: url, WORKSPACE: workspaceId },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

function load(workers: readonly ChildProcess[], what: Load): Promise<Answer[]> {
  return Promise.all(
    workers.map(async (worker) => {
      worker.send(what)
      const [answer] = await once(worker, 'message')
      return answerSchema.parse(answer)
    }),
  )
}

async function measure(database: BenchDatabase, workers: readonly ChildProcess[], what: Load) {
  const before = await cpuOfDatabase(database)
  const begunAt = performance.now()
  const answers = await load(workers, what)
  const tookMs = performance.now() - begunAt
  const sum = (of: (answer: Answer) => number) => answers.reduce((total, answer) => total + of(answer), 0)
  return {
    perSecond: (sum(({ ended }) => ended) * effects * 1_000) / tookMs,
    workers: sum(({ cpuMs }) => cpuMs) / tookMs,
    database: difference(before, await cpuOfDatabase(database)) / tookMs,
  }
}

/** Milliseconds that each process of the server has used; none where the system does not tell. */
async function cpuOfDatabase({ db }: BenchDatabase): Promise<Map<number, number>> {
  const { rows } = await db.pool.query<{ pid: number }>('select pid from pg_stat_activity')
  const used = new Map<number, number>()
  for (const { pid } of rows) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    // In ticks of 10 ms: utime and stime.
    if (fields) used.set(pid, (Number(fields[11]) + Number(fields[12])) * 10)
  }
  return used
}

function difference(before: Map<number, number>, after: Map<number, number>): number {
  return [...after].reduce((sum, [pid, used]) => sum + used - (before.get(pid) ?? 0), 0)
}
