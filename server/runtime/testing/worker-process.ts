import { pino } from 'pino'
import { z } from 'zod'
import { appendBatch } from '@/db/append'
import { openDatabase } from '@/db/client'
import { createRuntime } from '../runtime'
import { ledgerServices } from './ledger'

/*
 * A worker as a process of its own, to be killed by tests. Tells its parent `ready`, then `started` with the run's id when
 * it was told to start one inline.
 */

const order = z
  .object({
    url: z.string(),
    role: z.enum(['all', 'web', 'worker']),
    workspaceId: z.string(),
    /** Ends itself around its n-th append. */
    crash: z.object({ when: z.enum(['before', 'after']), append: z.int() }).nullable(),
    /** Starts a run of this flow's draft. */
    startFlow: z.string().nullable(),
    /** How far the clock of its machine is off. */
    skewMs: z.number(),
  })
  .parse(JSON.parse(process.env.WORKER_ORDER ?? ''))

if (order.skewMs !== 0) setClockOff(order.skewMs)
const db = openDatabase(order.url)
let appends = 0
const runtime = await createRuntime({
  db,
  services: () => ledgerServices(db.pool),
  log: pino({ level: 'error' }),
  role: order.role,
  async append(...batch) {
    appends++
    if (order.crash?.append === appends && order.crash.when === 'before') die()
    const applied = await appendBatch(...batch)
    if (order.crash?.append === appends && order.crash.when === 'after') die()
    return applied
  },
})
process.send?.({ type: 'ready' })
process.on('SIGTERM', () => void runtime.stop().then(() => process.exit(0)))
if (order.startFlow) {
  const { runId } = await runtime.start({
    workspaceId: order.workspaceId,
    flowId: order.startFlow,
    version: 'draft',
    input: {},
    cause: 'test',
    mode: 'inline',
  })
  process.send?.({ type: 'started', runId })
}

function setClockOff(byMs: number): void {
  const now = Date.now.bind(Date)
  Date.now = () => now() + byMs
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}
