import type { Database } from './client'
import type { RunStatus } from '@/flow/run/event'

export interface Load {
  /** Runs that have not ended, by status. */
  runs: Partial<Record<RunStatus, number>>
  /** Jobs that are due and that nobody has taken, that somebody is at, and whose time is still to come. */
  jobs: { ready: number; taken: number; scheduled: number }
}

/** What the whole installation has to do; counted from small indices. */
export async function readLoad(db: Database): Promise<Load> {
  const [runs, jobs] = await Promise.all([
    db.pool.query<{ status: RunStatus; count: number }>({
      name: 'count_open_runs',
      text: 'select status, count(*)::int as count from run where ended_at is null group by status',
    }),
    db.pool.query<Load['jobs']>({
      name: 'count_jobs',
      text: `select count(*) filter (where locked_at is null and run_at <= now())::int as ready,
               count(*) filter (where locked_at is not null)::int as taken,
               count(*) filter (where locked_at is null and run_at > now())::int as scheduled
             from graphile_worker.jobs where attempts < max_attempts`,
    }),
  ])
  return {
    runs: Object.fromEntries(runs.rows.map((row) => [row.status, row.count])),
    jobs: jobs.rows[0] ?? { ready: 0, taken: 0, scheduled: 0 },
  }
}
