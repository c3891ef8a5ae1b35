import { freeForgottenJobs, recoverRuns, wakeOverdueRuns } from '@/db/claims'
import type { Database } from '@/db/client'
import { makeEventPartitions } from '@/db/events'
import { matchKeptEvents } from '@/db/outside-events'
import { admitRuns, listWaitingGroups } from '@/db/slots'
import { deleteGoneWorkers, takePulse } from '@/db/workers'
import type { Logger } from '../log'
import type { Clock } from './clock'
import type { Custody } from './custody'
import { tidyUp, type Retention } from './retention'
import type { Schedules } from './schedules'

/** Looks after runs, its own and those of the dead, every two seconds. */
export interface Watch {
  /** Processes that live, this one included. */
  aliveWorkers(): number
  /** Once, at once. */
  look(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const everyMs = 2_000
const tidyEveryMs = 10_000
const houseworkEveryMs = 3_600_000
/** After the start: not among what a start has to do. */
const firstHouseworkMs = 60_000

export function createWatch(parts: {
  db: Database
  clock: Clock
  log: Logger
  custody: Custody
  retention: Retention
  /** Whether who seems dead is dead: after a loss of the database all seem so for a moment. */
  canJudge: () => boolean
  /** Null in a process that starts no runs by itself. */
  schedules: Schedules | null
  onTrouble(doing: string): (error: unknown) => void
}): Watch {
  const { db, clock, log, custody, schedules } = parts
  let aliveWorkers = 1
  let tidiedAtMs = -Infinity
  let houseworkAtMs = performance.now() - houseworkEveryMs + firstHouseworkMs
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null

  async function look(): Promise<void> {
    const found = parts.canJudge() ? await recoverRuns(db) : null
    if (found && found.recovered.length > 0) {
      log.warn({ runs: found.recovered }, 'Runs of a process that died go on')
    }
    const askedAtMs = Date.now()
    const pulse = await takePulse(db)
    clock.learn(pulse.now, askedAtMs, Date.now())
    aliveWorkers = pulse.aliveWorkers
    if (custody.live.size > 0) await custody.lookIntoInbox([...custody.live.keys()])
    if (performance.now() - tidiedAtMs > tidyEveryMs) {
      tidiedAtMs = performance.now()
      await custody.forsakeStrays()
      await freeForgottenJobs(db.pool)
      await wakeOverdueRuns(db.pool)
      await matchKeptEvents(db.pool, null)
      for (const group of await listWaitingGroups(db.pool)) await admitRuns(db.pool, group)
      await schedules?.plan()
      await schedules?.tick()
    }
    if (performance.now() - houseworkAtMs > houseworkEveryMs) {
      houseworkAtMs = performance.now()
      await makeEventPartitions(db.pool)
      await deleteGoneWorkers(db)
      await tidyUp(parts)
    }
  }

  return {
    aliveWorkers: () => aliveWorkers,
    look,
    start() {
      timer = setInterval(() => {
        looking ??= look()
          .catch(parts.onTrouble('looking after runs'))
          .finally(() => (looking = null))
      }, everyMs)
    },
    async stop() {
      if (timer) clearInterval(timer)
      await looking
    },
  }
}
