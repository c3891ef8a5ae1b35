import { and, eq, isNull, lte, not, notInArray, sql } from 'drizzle-orm'
import { isObject, type Json } from '@/flow/json'
import type { Database, Executor } from './client'
import { schedule } from './schema/flows'
import type { Trigger } from './triggers'

export type Schedule = typeof schedule.$inferSelect

/**
 * Makes the rows of a flow's schedules those of its new live version. Unchanged ones keep when they are due, changed ones
 * count from now; paused ones stay paused.
 */
export async function syncSchedules(
  tx: Executor,
  workspaceId: string,
  flowId: string,
  version: number,
  triggers: Trigger[],
): Promise<void> {
  const wanted = triggers.filter(({ kind, config }) => kind === 'schedule' && typeof config.cron === 'string')
  const ofFlow = and(eq(schedule.workspaceId, workspaceId), eq(schedule.flowId, flowId))
  const nodes = wanted.map(({ node }) => node)
  await tx.delete(schedule).where(nodes.length === 0 ? ofFlow : and(ofFlow, notInArray(schedule.node, nodes)))
  const isSame = sql`${schedule.cron} = excluded.cron and ${schedule.timezone} = excluded.timezone`
  for (const { node, config } of wanted) {
    const columns = {
      version,
      cron: String(config.cron),
      timezone: typeof config.timezone === 'string' ? config.timezone : 'UTC',
      catchUp: catchUpOf(config.catchUp),
      input: isObject(config.input) ? (config.input satisfies Json) : null,
    }
    await tx
      .insert(schedule)
      .values({ workspaceId, flowId, node, ...columns, nextAt: sql`clock_timestamp()` })
      .onConflictDoUpdate({
        target: [schedule.workspaceId, schedule.flowId, schedule.node],
        set: {
          ...columns,
          planned: sql`${schedule.planned} and ${isSame}`,
          nextAt: sql`case when ${isSame} then ${schedule.nextAt} else excluded.next_at end`,
        },
      })
  }
}

function catchUpOf(value: Json | undefined): 'none' | 'last' | 'all' {
  return value === 'last' || value === 'all' ? value : 'none'
}

/** Those of a flow's live version, by node. */
export async function listSchedules(db: Database, workspaceId: string, flowId: string): Promise<Schedule[]> {
  return db.drizzle
    .select()
    .from(schedule)
    .where(and(eq(schedule.workspaceId, workspaceId), eq(schedule.flowId, flowId)))
    .orderBy(schedule.node)
}

/**
 * Stops a schedule or lets it go on; gives false when there is none. What falls due while it is paused is not made up for:
 * it counts anew from now.
 */
export async function setSchedulePaused(
  db: Database,
  of: { workspaceId: string; flowId: string; node: string },
  isPaused: boolean,
): Promise<boolean> {
  const resumed = { planned: false, nextAt: sql`clock_timestamp()` }
  const changed = await db.drizzle
    .update(schedule)
    .set({ paused: isPaused, ...(isPaused ? {} : resumed) })
    .where(and(sameSchedule(of), eq(schedule.paused, !isPaused)))
    .returning({ node: schedule.node })
  if (changed.length > 0) {
    await db.drizzle.execute(sql`select pg_notify('millrace_routes', '')`)
    return true
  }
  const [found] = await db.drizzle.select({ node: schedule.node }).from(schedule).where(sameSchedule(of))
  return found !== undefined
}

/** Schedules whose next time is not computed yet; it counts from their `nextAt`. */
export async function listUnplannedSchedules(db: Database): Promise<Schedule[]> {
  return db.drizzle.select().from(schedule).where(not(schedule.planned))
}

/** Schedules that are due, by the database's clock or by the caller's, if that is ahead; and what time that made it. */
export async function listDueSchedules(
  db: Database,
  notBefore: Date,
): Promise<{ now: Date; schedules: Schedule[] }> {
  const { rows } = await db.pool.query<{ now: Date }>(
    'select greatest(clock_timestamp(), $1::timestamptz) as now',
    [notBefore],
  )
  const now = rows[0]?.now ?? notBefore
  const schedules = await db.drizzle
    .select()
    .from(schedule)
    .where(and(schedule.planned, not(schedule.paused), lte(schedule.nextAt, now)))
    .orderBy(schedule.nextAt)
  return { now, schedules }
}

/** Unless it was changed since it was read. */
export async function planSchedule(db: Database, of: Schedule, nextAt: Date | null): Promise<void> {
  await db.drizzle
    .update(schedule)
    .set({ planned: true, nextAt })
    .where(and(asRead(of), not(schedule.planned)))
}

/**
 * Moves a schedule on whose runs are started. Several processes may do so for the same time, and whoever comes late, or after
 * it was changed, changes nothing; the idempotency keys of the runs see to it that each is started once.
 */
export async function advanceSchedule(
  db: Database,
  of: Schedule,
  lastAt: Date,
  nextAt: Date | null,
): Promise<void> {
  await db.drizzle
    .update(schedule)
    .set({ nextAt, lastAt })
    .where(and(asRead(of), schedule.planned))
}

/** Nobody has changed or moved it since. */
function asRead(of: Schedule) {
  const when = of.nextAt === null ? isNull(schedule.nextAt) : eq(schedule.nextAt, of.nextAt)
  return and(sameSchedule(of), eq(schedule.cron, of.cron), eq(schedule.timezone, of.timezone), when)
}

function sameSchedule(of: Pick<Schedule, 'workspaceId' | 'flowId' | 'node'>) {
  return and(
    eq(schedule.workspaceId, of.workspaceId),
    eq(schedule.flowId, of.flowId),
    eq(schedule.node, of.node),
  )
}

/** Sets the alarm for a due time: one job per time, whoever asks for it. */
export async function queueScheduleTick(db: Database, at: Date): Promise<void> {
  await db.pool.query(
    `select graphile_worker.add_job('schedule', '{}'::json, run_at => $1::timestamptz, job_key => $2)`,
    [at, `schedule:${at.toISOString()}`],
  )
}
