import { addAuditEntry } from '@/db/audit'
import { NotFoundError } from '@/db/errors'
import { getFlow } from '@/db/flows'
import { listSchedules, setSchedulePaused, type Schedule } from '@/db/schedules'
import type { App } from '../app'
import type { Caller } from '../auth/caller'

/** A schedule trigger of a flow's live version. */
export interface ScheduleView {
  node: string
  cron: string
  timezone: string
  catchUp: Schedule['catchUp']
  paused: boolean
  /** Null when it is paused, is not due any more, or was published so recently that nobody has looked. */
  nextAt: string | null
  /** The last time that was due. */
  lastAt: string | null
}

/** By node; none while the flow is not published. Throws NotFoundError. */
export async function readSchedules(
  { db }: Pick<App, 'db'>,
  { workspaceId }: Caller,
  flow: string,
): Promise<ScheduleView[]> {
  await getFlow(db, workspaceId, flow)
  const schedules = await listSchedules(db, workspaceId, flow)
  return schedules.map(({ node, cron, timezone, catchUp, paused, planned, nextAt, lastAt }) => ({
    node,
    cron,
    timezone,
    catchUp,
    paused,
    nextAt: planned && !paused ? (nextAt?.toISOString() ?? null) : null,
    lastAt: lastAt?.toISOString() ?? null,
  }))
}

/** What falls due while it is paused is not made up for. Throws NotFoundError. */
export async function pauseSchedule(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  { workspaceId, user }: Caller,
  { flow, node, paused }: { flow: string; node: string; paused: boolean },
): Promise<void> {
  if (!(await setSchedulePaused(db, { workspaceId, flowId: flow, node }, paused))) {
    throw new NotFoundError(`The live version of flow ${flow} has no schedule ${node}. Publish it first.`)
  }
  runtime.published()
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: paused ? 'schedule.paused' : 'schedule.resumed',
    subject: flow,
    details: { node },
  })
}
