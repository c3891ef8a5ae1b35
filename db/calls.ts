import type pg from 'pg'
import type { Json } from '@/flow/json'
import type { RunError } from '@/flow/run/event'

/** A run that has ended, and whose end the run that started it has not in its history yet. */
export interface EndedCall {
  run: string
  parent: string
  step: string
  call: number
  status: 'completed' | 'failed' | 'cancelled'
  output: Json
  error: RunError | null
  endedAt: Date
}

/** Rows of EndedCall. */
export const endedCalls = (which: string) =>
  `select r.id as run, r.parent, r.parent_step as step, r.parent_call as call, r.status, r.output, r.error,
     r.ended_at as "endedAt"
   from ended_call e join run r on r.id = e.run
   where ${which} and r.ended_at is not null`

/** Of the runs that these have started, those that have ended; each until its parent has noted it. */
export async function listEndedCalls(pool: pg.Pool, parents: readonly string[]): Promise<EndedCall[]> {
  if (parents.length === 0) return []
  const result = await pool.query<EndedCall>({
    name: 'list_ended_calls',
    text: `${endedCalls('e.parent = any($1::uuid[])')} order by r.ended_at, r.id`,
    values: [parents],
  })
  return result.rows
}

/** Asks everything to stop that these steps have started, and what that has started in turn. Gives how many runs. */
export async function cancelCalls(pool: pg.Pool, parent: string, steps: readonly string[]): Promise<number> {
  const result = await pool.query({
    name: 'cancel_calls',
    text: `with recursive fallen(id) as (
             select id from run where parent = $1 and parent_step = any($2::text[]) and ended_at is null
             union
             select r.id from fallen join run r on r.parent = fallen.id and r.ended_at is null
           ), cancelled as (
             update run set cancel_requested = coalesce(cancel_requested, '{"reason":"The run that started it goes on without it."}')
             from fallen where run.id = fallen.id and ended_at is null
             returning run.id
           )
           select graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id, priority => -10),
                  pg_notify('millrace_wake', id::text)
           from (select id from cancelled order by id) as c`,
    values: [parent, steps],
  })
  return result.rowCount ?? 0
}

/** Whether runs that this one has started still go on. */
export async function hasOpenCalls(pool: pg.Pool, parent: string): Promise<boolean> {
  const result = await pool.query<{ open: boolean }>(
    'select exists(select from run where parent = $1 and ended_at is null) as open',
    [parent],
  )
  return result.rows[0]?.open ?? false
}

/** A run that was called before is called again: if it has completed, its parent is told once more. */
export async function reportCallAgain(pool: pg.Pool, run: string): Promise<void> {
  await pool.query(
    `with again as (
       insert into ended_call (parent, run)
       select parent, id from run where id = $1 and status = 'completed' and parent is not null
       on conflict do nothing returning parent
     )
     select graphile_worker.add_job('advance', json_build_object('run', parent), job_key => 'advance:' || parent, priority => -5)
     from again`,
    [run],
  )
}
