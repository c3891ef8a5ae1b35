import { EventEmitter } from 'node:events'
import { Logger as JobLogger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import type { Logger } from '../log'

export interface JobRunner {
  /** The names under which it locks jobs. */
  workers: string[]
  stop(): Promise<void>
}

/*
 * Each of these asks for due jobs once a second, beside what LISTEN tells; a job only claims a run and loads it, so four
 * take up several hundred runs a second.
 */
const jobsAtOnce = 4
const pollMs = 1_000

/** Takes jobs from the queue until it is stopped. */
export async function runJobs(pool: pg.Pool, tasks: TaskList, log: Logger): Promise<JobRunner> {
  const workers: string[] = []
  const events: WorkerEvents = new EventEmitter()
  // Jobs are locked by the pool, whichever of its workers has them.
  events.on('pool:create', ({ workerPool }) => workers.push(workerPool.id))
  const runner: Runner = await run({
    pgPool: pool,
    taskList: tasks,
    concurrency: jobsAtOnce,
    pollInterval: pollMs,
    noHandleSignals: true,
    events,
    parsedCronItems: [],
    logger: new JobLogger(() => (level, message) => {
      if (level === 'error') log.error({ part: 'jobs' }, message)
      else if (level === 'warning') log.warn({ part: 'jobs' }, message)
      else log.trace({ part: 'jobs' }, message)
    }),
  })
  return { workers, stop: () => runner.stop() }
}
