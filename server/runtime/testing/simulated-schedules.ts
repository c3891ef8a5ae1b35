import { pino } from 'pino'
import { createFlow } from '@/db/flows'
import { listSchedules, setSchedulePaused } from '@/db/schedules'
import { testDatabase } from '@/db/testing/database'
import { publishFlow } from '@/db/versions'
import { documentSchema } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { createRuntime, type Runtime } from '../runtime'
import { createSchedules, type Schedules } from '../schedules'
import type { Start } from '../start'
import { ledgerServices } from './ledger'

/**
 * Schedules on a database of their own whose clock a test sets. It is ahead of the database's, so that they are due only when
 * the test says so. Processes that start runs have the role `web`, which leaves schedules alone; the tests do what workers do.
 */
export async function simulatedSchedules() {
  const t = await testDatabase()
  const log = pino({ level: 'fatal' })
  const clock = { atMs: 0, nowMs: () => clock.atMs, learn: () => undefined }

  function processHere(role: 'web' | 'all'): Promise<Runtime> {
    const services = ledgerServices(t.db.pool)
    return createRuntime({ db: t.db, services: () => services, log, role })
  }
  const processes = await Promise.all([processHere('web'), processHere('web')])

  /** The schedules of as many workers, which start runs in turn through the processes. */
  function workers(count: number, start?: Start): Schedules[] {
    return Array.from({ length: count }, (_, index) => {
      const own = processes[index % processes.length]!
      return createSchedules({ db: t.db, clock, log, start: start ?? own.start })
    })
  }

  /** A new or resumed schedule counts from the database's time; here it shall count from the clock's. */
  async function countFromClock(): Promise<void> {
    await t.db.pool.query('update schedule set next_at = $1 where not planned', [new Date(clock.atMs)])
    await workers(1)[0]!.plan()
  }

  return {
    t,
    clock,
    setClock: (time: string) => (clock.atMs = Date.parse(time)),
    processHere,
    start: processes[0]!.start,
    workers,
    tickAll: (all: Schedules[]) => Promise.all(all.map((each) => each.tick())),
    countFromClock,
    /** Publishes a flow with one schedule, the node `due`, as if at the clock's time. */
    async publish(id: string, config: JsonObject): Promise<void> {
      const nodes = [{ id: 'due', kind: 'schedule', config }]
      const document = documentSchema.parse({ millrace: 1, id, nodes })
      const known = await t.db.pool.query('select 1 from flow where id = $1', [id])
      if (known.rowCount === 0) await createFlow(t.db, t.workspaceId, document)
      else
        await t.db.pool.query('update flow set document = $2 where id = $1', [id, JSON.stringify(document)])
      await publishFlow(t.db, t.workspaceId, id, [{ node: 'due', kind: 'schedule', config }])
      await countFromClock()
    },
    /** The times for which runs were started, to the minute. */
    async timesOf(id: string): Promise<string[]> {
      const { rows } = await t.db.pool.query<{ at: string }>(
        "select input ->> 'at' as at from run where flow_id = $1 order by 1",
        [id],
      )
      return rows.map(({ at }) => at.slice(0, 16))
    },
    async nextOf(id: string): Promise<string | null> {
      const [schedule] = await listSchedules(t.db, t.workspaceId, id)
      return schedule?.nextAt?.toISOString().slice(0, 16) ?? null
    },
    paused: (id: string, isPaused: boolean) =>
      setSchedulePaused(t.db, { workspaceId: t.workspaceId, flowId: id, node: 'due' }, isPaused),
    async close(): Promise<void> {
      await Promise.all(processes.map((each) => each.stop()))
      await t.drop()
    },
  }
}
