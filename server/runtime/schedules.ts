import type { Database } from '@/db/client'
import {
  advanceSchedule,
  listDueSchedules,
  listUnplannedSchedules,
  planSchedule,
  queueScheduleTick,
  type Schedule,
} from '@/db/schedules'
import { isObject } from '@/flow/json'
import { caughtUpAtMost, timesToRun } from '@/flow/schedule/catch-up'
import { newestTimes, nextTime, readSchedule } from '@/flow/schedule/schedule'
import { explain } from '../explain'
import type { Logger } from '../log'
import type { Clock } from './clock'
import type { Start } from './start'

export interface Schedules {
  /** Computes when new or changed schedules are due next, and sets their alarm. */
  plan(): Promise<void>
  /** Starts a run for every due time. */
  tick(): Promise<void>
}

/** Schedules that are due together are worked on together: each needs three or four statements. */
const atOnce = 8

export function createSchedules(parts: { db: Database; clock: Clock; log: Logger; start: Start }): Schedules {
  const { db, clock, log, start } = parts

  function read(schedule: Schedule): ReturnType<typeof readSchedule> | null {
    try {
      return readSchedule(schedule.cron, schedule.timezone)
    } catch (error) {
      log.warn({ ...nameOf(schedule), err: error }, 'A schedule cannot be understood')
      return null
    }
  }

  async function plan(): Promise<void> {
    for (const schedule of await listUnplannedSchedules(db)) {
      const from = schedule.nextAt ?? new Date(clock.nowMs())
      const times = read(schedule)
      const nextAt = times && nextTime(times, from)
      await planSchedule(db, schedule, nextAt)
      if (nextAt) await queueScheduleTick(db, nextAt)
    }
  }

  async function tick(): Promise<void> {
    const { now, schedules } = await listDueSchedules(db, new Date(clock.nowMs()))
    const failures: unknown[] = []
    // What keeps one schedule from starting must not hold up the others.
    const work = async () => {
      for (let schedule = schedules.shift(); schedule; schedule = schedules.shift()) {
        await fire(schedule, now).catch((error: unknown) => failures.push(error))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    if (failures.length > 0) throw new AggregateError(failures, 'Scheduled runs did not start')
  }

  async function fire(schedule: Schedule, now: Date): Promise<void> {
    const { nextAt: dueAt } = schedule
    if (!dueAt) return
    const times = read(schedule)
    if (!times) return advanceSchedule(db, schedule, dueAt, null)
    const passed = [dueAt, ...newestTimes(times, dueAt, now, caughtUpAtMost)]
    if (passed.length > caughtUpAtMost && schedule.catchUp === 'all') {
      log.warn(
        { ...nameOf(schedule), since: dueAt },
        `Only the last ${caughtUpAtMost} missed times are made up for`,
      )
    }
    for (const at of timesToRun(schedule.catchUp, passed, now)) await startAt(schedule, at)
    const lastAt = passed.at(-1) ?? dueAt
    const nextAt = nextTime(times, lastAt, dueAt)
    await advanceSchedule(db, schedule, lastAt, nextAt)
    if (nextAt) await queueScheduleTick(db, nextAt)
  }

  /** The run's idempotency key is its due time: however many processes get here, and however often, there is one run. */
  async function startAt(schedule: Schedule, at: Date): Promise<void> {
    try {
      await start({
        workspaceId: schedule.workspaceId,
        flowId: schedule.flowId,
        version: schedule.version,
        node: schedule.node,
        input: { ...(isObject(schedule.input) ? schedule.input : {}), at: at.toISOString() },
        cause: 'schedule',
        idempotencyKey: `schedule:${schedule.node}:${at.toISOString()}`,
        mode: 'queued',
      })
    } catch (error) {
      // Refused, and would be again; anything else may go well the next time.
      if (explain(error).status >= 500) throw error
      log.warn({ ...nameOf(schedule), at, err: error }, 'A scheduled run did not start')
    }
  }

  return { plan, tick }
}

const nameOf = ({ flowId, node }: Schedule) => ({ flow: flowId, node })
