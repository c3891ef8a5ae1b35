import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { bundleProcess } from './bundle'
import { benchDatabase, type BenchDatabase } from './database'
import { effect, storeFlow } from './flows'
import { quantile, type Row } from './table'

const times = 20

/**
 * A process is killed in mid-effect, 20 times with another process standing by, 20 times alone and started again; how long
 * until an effect of its run is performed again, and whether any finished effect was performed twice.
 */
export async function run(): Promise<Row[]> {
  const database = await benchDatabase()
  const worker = await bundleProcess('recovery-worker')
  await database.db.pool.query(
    'create table ledger (id serial, key text not null, pid int not null, at timestamptz default clock_timestamp())',
  )
  await storeFlow(database, 'recovered', [effect('a'), effect('slow'), effect('z')])
  const spare = await spawn(worker, database, {})
  const standing: number[] = []
  let twice = 0
  for (let time = 0; time < times; time++) {
    const victim = await spawn(worker, database, { START: 'recovered' })
    twice += await killAndMeasure(database, victim, standing)
  }
  spare.kill('SIGKILL')
  await once(spare, 'exit')
  const alone: number[] = []
  const boots: number[] = []
  for (let time = 0; time < times; time++) {
    const victim = await spawn(worker, database, { START: 'recovered' })
    twice += await killAndMeasure(database, victim, alone, async () => {
      const bootedAt = performance.now()
      const next = await spawn(worker, database, {})
      boots.push((performance.now() - bootedAt) / 1_000)
      return next
    })
  }
  await database.drop()
  return [
    { what: 'kill -9 to resumed by another process, median', value: quantile(standing, 0.5), unit: 's' },
    {
      what: 'kill -9 to resumed by another process, p95',
      value: quantile(standing, 0.95),
      unit: 's',
      aim: 3,
      better: 'less',
    },
    {
      what: 'kill -9, start again, to resumed, p95',
      value: quantile(alone, 0.95),
      unit: 's',
      aim: 3,
      better: 'less',
    },
    { what: 'of which the start of the process, median', value: quantile(boots, 0.5), unit: 's' },
    { what: 'finished effects performed twice', value: twice, unit: 'effects' },
  ]
}

async function spawn(
  file: string,
  { url, workspaceId }: BenchDatabase,
  more: Record<string, string>,
): Promise<ChildProcess> {
  const child = fork(file, [], {
    execArgv: [],
    env: { ...process.env, DATABASE_URL: url, WORKSPACE: workspaceId, ...more },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

/** Gives how many finished effects were performed again. */
async function killAndMeasure(
  { db }: BenchDatabase,
  victim: ChildProcess,
  seconds: number[],
  restart?: () => Promise<ChildProcess>,
): Promise<number> {
  const inFlight = await eventually(async () => {
    const { rows } = await db.pool.query<{ key: string }>(
      "select key from ledger where pid = $1 and key like '%:slow:%'",
      [victim.pid],
    )
    return rows[0]?.key
  })
  victim.kill('SIGKILL')
  await once(victim, 'exit')
  const killedAt = performance.now()
  const next = await restart?.()
  const run = inFlight.slice(0, inFlight.indexOf(':'))
  await eventually(async () => {
    const again = await db.pool.query('select from ledger where key = $1 and pid <> $2', [
      inFlight,
      victim.pid,
    ])
    return again.rowCount || null
  })
  seconds.push((performance.now() - killedAt) / 1_000)
  await eventually(async () => {
    const ended = await db.pool.query("select from run where id = $1 and status = 'completed'", [run])
    return ended.rowCount || null
  })
  const { rows } = await db.pool.query<{ more: number }>(
    `select coalesce(sum(count - 1), 0)::int as more
     from (select count(*) from ledger where starts_with(key, $1) and key <> $2 group by key) as counted`,
    [run, inFlight],
  )
  if (next) {
    next.kill('SIGKILL')
    await once(next, 'exit')
  }
  return rows[0]?.more ?? 0
}

async function eventually<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  for (const endsAt = performance.now() + 30_000; performance.now() < endsAt; await delay(5)) {
    const found = await look()
    if (found !== null && found !== undefined) return found
  }
  throw new Error('It did not happen within 30 s.')
}
