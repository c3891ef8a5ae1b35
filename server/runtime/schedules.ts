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
import { nextTimes } from '@/nodes/schedule/cron'
import { RequestError } from '../request-error'
import type { Logger } from '../log'
import type { Clock } from './clock'
import type { Start } from './start'

export interface Schedules {
  /** Computes when new or changed schedules are due next, and sets their alarm. */
  plan(): Promise<void>
  /** Starts a run for every due time. */
  tick(): Promise<void>
}

/** A due time that is later than this by now was missed, and `catchUp` says what to do about it. */
const graceMs = 5 * 60_000
/** `all` makes up for at most this many at once. */
const caughtUpAtOnce = 100

export function createSchedules(parts: { db: Database; clock: Clock; log: Logger; start: Start }): Schedules {
  const { db, clock, log, start } = parts

  function after(schedule: Schedule, time: Date, count = 1): Date[] {
    try {
      return nextTimes(schedule.cron, schedule.timezone, time, count)
    } catch (error) {
      log.warn({ flow: schedule.flowId, node: schedule.node, err: error }, 'A schedule cannot be understood')
      return []
    }
  }

  async function plan(): Promise<void> {
    for (const schedule of await listUnplannedSchedules(db)) {
      const nextAt = after(schedule, new Date(clock.nowMs()))[0] ?? null
      await planSchedule(db, schedule, nextAt)
      if (nextAt) await queueScheduleTick(db, nextAt)
    }
  }

  async function tick(): Promise<void> {
    for (const schedule of await listDueSchedules(db)) await fire(schedule)
  }

  /** The run's idempotency key is its due time: however many processes get here, there is one run. */
  async function fire(schedule: Schedule): Promise<void> {
    if (!schedule.nextAt) return
    const nowMs = clock.nowMs()
    const due = [schedule.nextAt]
    for (let last = schedule.nextAt; due.length < caughtUpAtOnce;) {
      const [following] = after(schedule, last)
      if (!following || following.getTime() > nowMs) break
      due.push(following)
      last = following
    }
    const wanted = due.filter((at, index) => {
      if (nowMs - at.getTime() <= graceMs || schedule.catchUp === 'all') return true
      return schedule.catchUp === 'last' && index === due.length - 1
    })
    for (const at of wanted) await startAt(schedule, at)
    const nextAt = after(schedule, due.at(-1) ?? schedule.nextAt)[0] ?? null
    await advanceSchedule(db, schedule, nextAt)
    if (nextAt) await queueScheduleTick(db, nextAt)
  }

  async function startAt(schedule: Schedule, at: Date): Promise<void> {
    try {
      await start({
        workspaceId: schedule.workspaceId,
        flowId: schedule.flowId,
        version: 'live',
        node: schedule.node,
        input: { ...(isObject(schedule.input) ? schedule.input : {}), at: at.toISOString() },
        cause: 'schedule',
        idempotencyKey: `schedule:${schedule.node}:${at.toISOString()}`,
        mode: 'queued',
      })
    } catch (error) {
      // A flow that cannot start now must not hold up the others, nor be asked again for the same time.
      if (!(error instanceof RequestError) || error.status === 503) throw error
      log.warn({ flow: schedule.flowId, node: schedule.node, err: error }, 'A scheduled run did not start')
    }
  }

  return { plan, tick }
}
