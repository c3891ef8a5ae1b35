import { and, eq, not, notInArray, sql } from 'drizzle-orm'
import { isObject, type Json } from '@/flow/json'
import type { Database, Executor } from './client'
import { schedule } from './schema/flows'
import type { Trigger } from './triggers'

export type Schedule = typeof schedule.$inferSelect

/** Makes the rows of a flow's schedules those of its new live version; unchanged ones keep when they are due. */
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
      .values({ workspaceId, flowId, node, ...columns })
      .onConflictDoUpdate({
        target: [schedule.workspaceId, schedule.flowId, schedule.node],
        set: {
          ...columns,
          planned: sql`${schedule.planned} and ${schedule.cron} = excluded.cron and ${schedule.timezone} = excluded.timezone`,
        },
      })
  }
}

function catchUpOf(value: Json | undefined): 'none' | 'last' | 'all' {
  return value === 'last' || value === 'all' ? value : 'none'
}

/** Schedules whose next time is not computed yet. */
export async function listUnplannedSchedules(db: Database): Promise<Schedule[]> {
  return db.drizzle.select().from(schedule).where(not(schedule.planned))
}

/** Schedules that are due by the database's clock. */
export async function listDueSchedules(db: Database): Promise<Schedule[]> {
  return db.drizzle
    .select()
    .from(schedule)
    .where(and(schedule.planned, not(schedule.paused), sql`${schedule.nextAt} <= clock_timestamp()`))
}

export async function planSchedule(db: Database, of: Schedule, nextAt: Date | null): Promise<void> {
  await db.drizzle
    .update(schedule)
    .set({ planned: true, nextAt })
    .where(and(sameSchedule(of), eq(schedule.cron, of.cron), eq(schedule.timezone, of.timezone)))
}

/**
 * Moves a due schedule on. Of several processes that try it for the same due time one gets true, and starts the runs;
 * their idempotency keys guard the rest.
 */
export async function advanceSchedule(db: Database, of: Schedule, nextAt: Date | null): Promise<boolean> {
  if (!of.nextAt) return false
  const rows = await db.drizzle
    .update(schedule)
    .set({ nextAt, lastAt: of.nextAt })
    .where(and(sameSchedule(of), eq(schedule.nextAt, of.nextAt)))
    .returning({ node: schedule.node })
  return rows.length === 1
}

function sameSchedule(of: Schedule) {
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
