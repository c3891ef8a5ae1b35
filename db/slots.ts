import type pg from 'pg'
import { lockClass } from './locks'

/** Whom a run is counted with when its flow bounds how many of its runs go on at once. */
export interface Slot {
  key: string
  limit: number
  /** What becomes of a run that finds no room: it waits, is refused, or takes the place of the oldest. */
  whenFull: 'queue' | 'reject' | 'replace'
}

/** Runs that are counted together. */
export interface SlotGroup {
  workspaceId: string
  flowId: string
  key: string
}

const ofGroup = 'workspace_id = $1 and flow_id = $2 and slot_key = $3 and ended_at is null'

const admit = `
  with held as (
    select count(*) as count from run where ${ofGroup} and slot = 'held'
  ), wanted as (
    select id, slot_limit, row_number() over (order by priority, id) as nth from run
    where ${ofGroup} and slot = 'wanted' and cancel_requested is null
  ), admitted as (
    update run set slot = 'held' from wanted, held where run.id = wanted.id and held.count + wanted.nth <= wanted.slot_limit
    returning run.id, run.priority
  )
  select id, graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id, priority => priority)
  from admitted`

/** The newest keep their place; those beyond the limit give up theirs. */
const replace = `
  with ranked as (
    select id, slot_limit, row_number() over (order by id desc) as rank from run
    where ${ofGroup} and slot in ('held', 'wanted') and cancel_requested is null
  ), replaced as (
    update run set cancel_requested = '{"reason":"A newer run took its place."}'
    from ranked where run.id = ranked.id and ranked.rank > ranked.slot_limit
      and exists (select from run where ${ofGroup} and slot = 'wanted' and when_full = 'replace')
    returning run.id
  )
  select id, graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id, priority => -10),
         pg_notify('millrace_wake', id::text)
  from replaced`

/** Those that came after `admit` had looked are not refused while there is room: their starter looks again. */
const refuse = `
  with refused as (
    update run set slot = 'refused'
    where ${ofGroup} and slot = 'wanted' and when_full = 'reject' and id is distinct from $4::uuid
      and slot_limit <= (select count(*) from run where ${ofGroup} and slot = 'held')
    returning id, priority
  )
  select id, graphile_worker.add_job('advance', json_build_object('run', id), job_key => 'advance:' || id, priority => priority)
  from refused`

/**
 * Lets the next of a group begin while there is room, and does to the others what their flow says; one group at a time in
 * the whole database, so that the limit is never passed. `spared` is not refused: whoever asks for it does that.
 */
export async function admitRuns(
  pool: pg.Pool,
  group: SlotGroup,
  spared: string | null = null,
): Promise<void> {
  const values = [group.workspaceId, group.flowId, group.key]
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [lockClass.slots, values.join('/')])
    await client.query({ name: 'admit_runs', text: admit, values })
    await client.query({ name: 'replace_runs', text: replace, values })
    await client.query({ name: 'refuse_runs', text: refuse, values: [...values, spared] })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/** Whether the run may begin. */
export async function holdsSlot(pool: pg.Pool, run: string): Promise<boolean> {
  const result = await pool.query<{ held: boolean }>(`select slot = 'held' as held from run where id = $1`, [
    run,
  ])
  return result.rows[0]?.held ?? false
}

/** Takes back a run that found no room. False when it has been let in meanwhile. */
export async function withdrawRun(pool: pg.Pool, run: string): Promise<boolean> {
  const result = await pool.query(
    `delete from run where id = $1 and status = 'queued' and last_seq = 0 and slot = 'wanted'`,
    [run],
  )
  return result.rowCount === 1
}

/** Groups in which a run has been waiting for a while though there may be room: a process died before it let it in. */
export async function listWaitingGroups(pool: pg.Pool): Promise<SlotGroup[]> {
  const result = await pool.query<SlotGroup>(
    `select distinct workspace_id as "workspaceId", flow_id as "flowId", slot_key as key from run
     where ended_at is null and slot_key is not null and slot = 'wanted' and created_at < clock_timestamp() - interval '5 seconds'
     limit 100`,
  )
  return result.rows
}
