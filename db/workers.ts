import type { Database } from './client'
import { lockClass } from './locks'

/** Registers a process that executes runs; its id is what runs name as their owner and what its lock is for. */
export async function registerWorker(
  db: Database,
  process: { role: string; host: string; pid: number },
): Promise<number> {
  const result = await db.pool.query<{ id: number }>(
    'insert into worker (role, host, pid) values ($1, $2, $3) returning id',
    [process.role, process.host, process.pid],
  )
  const id = result.rows[0]?.id
  if (id === undefined) throw new Error('The worker was not registered.')
  return id
}

export async function setJobWorkers(db: Database, worker: number, jobWorkers: string[]): Promise<void> {
  await db.pool.query('update worker set job_workers = $2 where id = $1', [worker, jobWorkers])
}

export async function markWorkerStopped(db: Database, worker: number): Promise<void> {
  await db.pool.query('update worker set stopped_at = clock_timestamp() where id = $1', [worker])
}

/** SQL that yields the ids of living workers: those whose advisory lock is held. */
export const aliveWorkers = `
  select objid::int from pg_locks
  where locktype = 'advisory' and granted and classid = ${lockClass.worker} and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())`

/** The database's clock, and how many processes live. */
export async function takePulse(db: Database): Promise<{ now: Date; aliveWorkers: number }> {
  const result = await db.pool.query<{ now: Date; aliveWorkers: number }>({
    name: 'take_pulse',
    text: `select clock_timestamp() as now, (select count(*)::int from (${aliveWorkers}) as a) as "aliveWorkers"`,
  })
  return result.rows[0] ?? { now: new Date(), aliveWorkers: 1 }
}

/** Forgets workers that have been gone for a day. */
export async function deleteGoneWorkers(db: Database): Promise<void> {
  await db.pool.query("delete from worker where stopped_at < clock_timestamp() - interval '1 day'")
}
